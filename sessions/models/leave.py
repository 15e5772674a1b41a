"""请假: requests for leave, and the history of each that only grows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sessions.querysets import LeaveQuerySet

STATES = ["pending", "approved", "refused", "withdrawn"]
CATEGORIES = ["sick", "official", "travel", "family", "other"]


class LeaveRequest(models.Model):
    """One person asks not to come to one activity. What it means for the roll, the close decides (rules 7–9)."""

    class Category(models.TextChoices):
        SICK = "sick", "病假"
        OFFICIAL = "official", "公务"
        TRAVEL = "travel", "出差"
        FAMILY = "family", "家事"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        PENDING = "pending", "待批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    LIVE = (State.PENDING, State.APPROVED)

    # Not a number: it tells an insert of ours from one that lost the race, and the address names no count.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        "sharing.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="leave_requests"
    )
    representative = models.ForeignKey(
        "stations.Representative",
        verbose_name="代表",
        on_delete=models.PROTECT,
        related_name="leave_requests",
    )
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="任期", on_delete=models.PROTECT, related_name="leave_requests"
    )
    category = models.CharField("事由", max_length=10, choices=Category.choices)
    detail = models.TextField("说明", max_length=300, blank=True)  # restricted: approver, office, the person
    start_known = models.DateTimeField("提出时的开始时间")  # a later one shows that the activity moved
    filed_at = models.DateTimeField("提出时间")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    filed_late = models.BooleanField("开始后提出", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="批假人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("批假时间", null=True, blank=True)
    decided_late = models.BooleanField("开始后批准", default=False)
    decision_reason = models.CharField("意见", max_length=200, blank=True)
    # Of an approval that was given on paper and read in afterwards: nobody's account decided it.
    approver = models.CharField("批准人（书面）", max_length=40, blank=True)
    document = models.CharField("批准文号", max_length=60, blank=True)

    objects = LeaveQuerySet.as_manager()
    quiet = True  # private: no stored page shows who asked for leave

    class Meta:
        verbose_name = "请假"
        verbose_name_plural = "请假"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "representative"],
                condition=Q(state__in=["pending", "approved"]),
                name="one_live_leave_a_person",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="leave_state_known"),
            models.CheckConstraint(condition=Q(category__in=CATEGORIES), name="leave_category_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("filed_by")),
                name="leave_decider_is_not_filer",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | (Q(state="approved", decided_at__isnull=False) & ~Q(approver=""))
                | Q(state="withdrawn"),
                name="leave_decided_has_decider",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "activity"], name="leave_by_state"),
            models.Index(fields=["representative", "filed_at"], name="leave_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.representative}：{self.activity}"  # stands in the log: no category, no detail

    @property
    def is_live(self) -> bool:
        """Waits for a decision or holds: there is one such a person and activity."""
        return self.state in self.LIVE


class LeaveEvent(models.Model):
    """One step of a request. A table of its own: the log of the admin can be pruned, this one the database keeps."""

    class Kind(models.TextChoices):
        FILED = "filed", "提出"
        APPROVED = "approved", "批准"
        REFUSED = "refused", "不批准"
        WITHDRAWN = "withdrawn", "撤回"

    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    late = models.BooleanField(default=False)  # after the start, as it was known then
    reason = models.CharField(max_length=200, blank=True)  # the decision's, never the person's detail
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()

    quiet = True

    class Meta:
        verbose_name = "请假经过"
        verbose_name_plural = "请假经过"
        indexes = [models.Index(fields=["request", "happened_at"], name="leave_history")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d %H:%M}"
