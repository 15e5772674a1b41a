"""Paper: a list read in and waiting to be applied, and the signed sheets kept as evidence (PRODUCT.md, rule 25)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.uploads import PrivateName, private_storage


class RollImport(models.Model):
    """A file as it was read: shown first, applied once or never. What it would change is reckoned anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey("sharing.Activity", on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField("文件", max_length=120)
    sha256 = models.CharField(max_length=64)
    lines = models.JSONField()  # sessions.paper.reading.Line, one a row of the file
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    quiet = True  # no public page shows what was read

    class Meta:
        verbose_name = "名册导入"
        verbose_name_plural = "名册导入"
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="import_applied_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class RollSheet(models.Model):
    """A photo or scan of the signed list. The database refuses to change or delete it; it can be set aside."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey("sharing.Activity", on_delete=models.PROTECT, related_name="sheets")
    file = models.FileField(storage=private_storage, upload_to=PrivateName("sheets"), max_length=120)
    name = models.CharField("文件名", max_length=120)
    kind = models.CharField("种类", max_length=8)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    turn = models.PositiveSmallIntegerField(default=0)  # how many copies of it were set aside before
    pages = models.PositiveSmallIntegerField("页数", default=1)
    note = models.CharField("说明", max_length=120, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    quiet = True

    class Meta:
        verbose_name = "签到册原件"
        verbose_name_plural = "签到册原件"
        constraints = [
            models.UniqueConstraint(fields=["activity", "sha256", "turn"], name="sheet_kept_once"),
            models.CheckConstraint(condition=Q(pages__gte=1), name="sheet_has_a_page"),
        ]

    def __str__(self) -> str:
        return self.name


class RollSheetVoid(models.Model):
    """Why a sheet no longer counts as evidence; it stays, and so does this line."""

    sheet = models.OneToOneField(RollSheet, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField("原因", max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    quiet = True

    class Meta:
        verbose_name = "作废"
        verbose_name_plural = "作废"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="void_says_why")]

    def __str__(self) -> str:
        return self.reason
