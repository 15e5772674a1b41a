"""From which groups, places or areas an activity's list was drawn: so that a copy draws it again for its own day."""

from django.db import models
from django.db.models import Q

from sessions.models.activities import Activity, Enrolment


class ListSource(models.Model):
    """One choice of the office, such as "the members of this group, obliged"; people listed singly have none."""

    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="list_sources"
    )
    basis = models.CharField("依据", max_length=10, choices=Enrolment.Basis.choices)
    role = models.CharField(
        "身份", max_length=10, choices=Enrolment.Role.choices, default=Enrolment.Role.ATTENDEE
    )
    group = models.ForeignKey(
        "stations.DeputyGroup",
        verbose_name="代表小组",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    station = models.ForeignKey(
        "stations.Station",
        verbose_name="站点",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    area = models.ForeignKey(
        "stations.Area",
        verbose_name="区域",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    tag = models.CharField("标签", max_length=40, blank=True)

    quiet = True  # no public page shows it

    class Meta:
        verbose_name = "名单来源"
        verbose_name_plural = "名单来源"
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False, station__isnull=True, area__isnull=True)
                | Q(group__isnull=True, station__isnull=False, area__isnull=True)
                | Q(group__isnull=True, station__isnull=True, area__isnull=False),
                name="list_source_is_one_of_three",
            ),
            models.CheckConstraint(
                condition=Q(tag="") | Q(area__isnull=False), name="list_source_tag_needs_area"
            ),
        ]

    def __str__(self) -> str:
        return str(self.group or self.station or self.area)
