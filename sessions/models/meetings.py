"""会议: a congress or standing committee that meets for some days in sittings, and its lists that were read in."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sessions.querysets import MeetingQuerySet


class Meeting(models.Model):
    """One 会议 of several days. Its sittings are activities of the same kind and area, each with its own roll."""

    class Kind(models.TextChoices):
        CONGRESS = "congress", "人民代表大会会议"
        STANDING_COMMITTEE = "standing_committee", "常委会会议（代表列席）"

    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.CONGRESS)
    name = models.CharField("名称", max_length=60)
    term = models.ForeignKey(
        "stations.Term", verbose_name="届", on_delete=models.PROTECT, related_name="meetings"
    )
    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="meetings"
    )
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    units = models.DecimalField("每次计几个半天", max_digits=5, decimal_places=2, default=Decimal(1))
    place = models.CharField("地点", max_length=120, blank=True)

    objects = MeetingQuerySet.as_manager()
    quiet = (
        True  # no public page shows it; closing the roll of a sitting drops the pages that show its counts
    )

    class Meta:
        verbose_name = "会议"
        verbose_name_plural = "会议"
        constraints = [
            # One row of 届 may serve the congresses of several areas.
            models.UniqueConstraint(fields=["term", "area", "name"], name="meeting_named_once_a_term"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="meeting_ends_after_start"),
            models.CheckConstraint(condition=Q(units__gte=0), name="meeting_units_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=["congress", "standing_committee"]), name="meeting_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.starts_on, self.ends_on

    def holds(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a sitting of these times lies within the meeting's days."""
        first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
        return self.starts_on <= first and last <= self.ends_on

    @property
    def obliges_everybody(self) -> bool:
        """Whether everybody with a mandate must come; to a standing committee some are invited to sit in."""
        return self.kind == self.Kind.CONGRESS


class MeetingImport(models.Model):
    """A list of a meeting as it was read: shown first, applied once or never, reckoned anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField("文件", max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()  # sessions.meetings.reading.Table
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    quiet = True

    class Meta:
        verbose_name = "会议出席导入"
        verbose_name_plural = "会议出席导入"
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False, content={}),
                name="meeting_import_applied_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
