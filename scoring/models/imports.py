"""Lists read in and waiting to be applied."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class ProposalImport(models.Model):
    """A list of proposals as it was read: shown first, applied once or never, reckoned anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField("文件", max_length=120)
    sha256 = models.CharField(max_length=64)
    lines = models.JSONField()  # scoring.proposals.reading.Line, one a row of the file
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    quiet = True  # no public page shows what was read

    class Meta:
        verbose_name = "议案建议导入"
        verbose_name_plural = "议案建议导入"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(lines=[]), name="applied_import_keeps_no_lines"
            )
        ]

    def __str__(self) -> str:
        return self.file_name
