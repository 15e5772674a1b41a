"""自评 and 组织评定: what people say of a year beside what the records come to."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from scoring.models.years import Year

WHOLE = ""  # Assessment.item of a figure for the whole year: it stands beside the total and never counts


class Assessor(models.TextChoices):
    """Who assesses; standards name them in `sources` (`where: {assessor: group}`)."""

    SELF = "self", "自评"
    PEERS = "peers", "代表互评"
    ELECTORS = "electors", "选民评议"
    GROUP = "group", "小组评定"
    AREA = "area", "区域评定"
    OFFICE = "office", "代工委评定"


class Assessment(models.Model):
    """One figure of one assessor for one mandate: for an assessed item of the standard, or for the whole year."""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="assessments")
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.PROTECT, related_name="assessments")
    item = models.SlugField("小项", max_length=60, blank=True, db_index=False)
    assessor = models.CharField("评定人", max_length=10, choices=Assessor.choices)
    award = models.DecimalField("评分", max_digits=6, decimal_places=2)
    rate = models.DecimalField("比率", max_digits=6, decimal_places=2, null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    given_on = models.DateField("评定日期")  # a day of the year: on it the figure counts
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField("评定时间")

    class Meta:
        verbose_name = "评定"
        verbose_name_plural = "评定"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mandate", "year", "item", "assessor"], name="assessed_once_by_each"
            ),
            models.CheckConstraint(
                condition=Q(assessor__in=["self", "peers", "electors", "group", "area", "office"]),
                name="assessor_is_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["given_on"], name="assessment_by_day")]

    def __str__(self) -> str:
        return f"{self.mandate} {self.year} {self.get_assessor_display()}"


class AssessmentEvent(models.Model):
    """Every figure that was ever given, who gave it and what stood there before; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="events")
    old_award = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    new_award = models.DecimalField(max_digits=6, decimal_places=2)
    old_rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    new_rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = "评定经过"
        indexes: ClassVar = [models.Index(fields=["assessment", "happened_at"], name="assessment_history")]

    def __str__(self) -> str:
        return f"{self.assessment} {self.new_award}"
