"""异议: what a representative has against the own sheet while it is publicised, and what the office answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.uploads import PrivateName, private_storage
from scoring.models.years import Year
from scoring.querysets import ObjectionQuerySet


class Objection(models.Model):
    """One objection; its words stay as they were sent, the answer is given once. Private, never public."""

    class Outcome(models.TextChoices):
        OPEN = "open", "待答复"
        ACCEPTED = "accepted", "采纳"
        DECLINED = "declined", "不采纳"

    year = models.ForeignKey(Year, verbose_name="年度", on_delete=models.PROTECT, related_name="objections")
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="代表", on_delete=models.PROTECT, related_name="objections"
    )
    item = models.CharField("涉及的小项", max_length=120, blank=True)  # in the words of the year's standard
    text = models.CharField("异议", max_length=500)
    evidence = models.FileField(
        "佐证", storage=private_storage, upload_to=PrivateName("objections"), max_length=120, blank=True
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("提出时间")
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()
    quiet = True

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = "异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    outcome__in=["accepted", "declined"], answered_by__isnull=False, answered_at__isnull=False
                )
                & ~Q(answer=""),
                name="objection_open_or_answered",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("filed_by")),
                name="objection_answered_by_another",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
        ]
        indexes = [models.Index(fields=["year", "outcome"], name="objection_by_outcome")]

    def __str__(self) -> str:
        return f"{self.year}第 {self.pk} 号异议"
