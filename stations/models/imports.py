"""Lists read in and waiting to be applied."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class RegisterImport(models.Model):
    """A list of representatives as it was read: shown first, applied once or never, reckoned anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey("stations.Term", verbose_name="届", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("文件", max_length=120)
    sha256 = models.CharField(max_length=64)
    register = models.JSONField()  # stations.register.reading.Register.kept, {} once it was applied
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    quiet = True  # no public page shows what was read

    class Meta:
        verbose_name = "代表名册导入"
        verbose_name_plural = "代表名册导入"
        constraints: ClassVar = [
            models.CheckConstraint(  # numbers and days of birth stay no longer than they are needed
                condition=Q(applied_at__isnull=True) | Q(register={}), name="applied_register_keeps_nobody"
            )
        ]

    def __str__(self) -> str:
        return self.file_name
