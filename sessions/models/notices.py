"""What a person is told of an activity, and when: the rules of reminding and the outbox (PRODUCT.md, rule 23)."""

from django.db import models
from django.db.models import Q

from sessions.models.activities import Activity
from sessions.querysets import NoticeQuerySet


class ReminderRule(models.Model):
    """An offset of one activity's own; they count instead of the installation's where `own_reminders` is set."""

    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.CASCADE, related_name="reminder_rules"
    )
    offset_minutes = models.PositiveIntegerField("提前（分钟）")

    quiet = True

    class Meta:
        verbose_name = "提醒时间"
        verbose_name_plural = "提醒时间"
        constraints = [
            models.UniqueConstraint(fields=["activity", "offset_minutes"], name="reminder_offset_once"),
            models.CheckConstraint(condition=Q(offset_minutes__gt=0), name="reminder_before_start"),
        ]

    def __str__(self) -> str:
        return f"{self.activity}：提前 {self.offset_minutes} 分钟"


class Notice(models.Model):
    """One message to one person by one channel. The database lets the same message be there once only."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "提醒"
        PROMOTED = "promoted", "候补转正"
        MOVED = "moved", "改期"
        CANCELLED = "cancelled", "取消"

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        SMS = "sms", "短信"
        SITE = "site", "站内"

    class State(models.TextChoices):
        PENDING = "pending", "待发"
        SENDING = "sending", "正在发"
        SENT = "sent", "已发"
        FAILED = "failed", "没有发出"
        SKIPPED = "skipped", "不用发了"

    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="notices"
    )
    representative = models.ForeignKey(
        "stations.Representative", verbose_name="代表", on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField("内容", max_length=10, choices=Kind.choices)
    channel = models.CharField("途径", max_length=8, choices=Channel.choices)
    offset_minutes = models.PositiveIntegerField("提前（分钟）", default=0)
    round = models.PositiveSmallIntegerField(default=0)  # the how-manieth move or promotion it speaks of
    about = models.DateTimeField("所说的开始时间")
    due_at = models.DateTimeField("应发时间", null=True, blank=True)  # None: at once
    not_before = models.DateTimeField(
        null=True, blank=True
    )  # a worker's lease, or the wait before the next try
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PENDING)
    claim = models.UUIDField(null=True, blank=True, editable=False)  # which worker's batch holds it
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    last_error = models.CharField(
        "没有发出的原因", max_length=120, blank=True
    )  # never an address or a number

    objects = NoticeQuerySet.as_manager()
    quiet = True

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "representative", "kind", "offset_minutes", "round", "channel"],
                name="notice_once",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notice_sent_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_waiting", condition=Q(state__in=["pending", "sending"])
            ),
            models.Index(fields=["representative", "-id"], name="notice_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.representative}（{self.activity}）"
