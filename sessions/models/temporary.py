"""Who came and is not known yet: written down at the door, later found to be a person (PRODUCT.md, rule 12)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class TemporaryEntry(models.Model):
    """临时登记: a name on a roll that belongs to no representative yet. It becomes a row once, or is dropped once."""

    activity = models.ForeignKey(
        "sharing.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="temporary_entries"
    )
    name = models.CharField("姓名", max_length=40)
    unit = models.CharField("单位", max_length=80, blank=True)
    arrived_at = models.DateTimeField("到场时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间")
    nonce = models.CharField(max_length=64)
    attendance = models.ForeignKey(
        "sharing.Attendance",
        verbose_name="并入的记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="temporary_entries",
    )
    dropped_because = models.CharField("作废原因", max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    quiet = True  # no public page shows it

    class Meta:
        verbose_name = "临时登记"
        verbose_name_plural = "临时登记"
        constraints = [
            models.UniqueConstraint(fields=["activity", "nonce"], name="temporary_entry_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by=None, attendance=None, dropped_because="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, attendance__isnull=False, dropped_because="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False, attendance=None) & ~Q(dropped_because="")),
                name="temporary_entry_settled_one_way",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name
