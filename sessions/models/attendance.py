"""The roll: one row a person and activity, and the history that only grows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.querysets import AttendanceQuerySet


class Attendance(models.Model):
    """The one row of (activity, representative). A self check-in is a claim until it is confirmed (rule 16)."""

    class Status(models.TextChoices):
        PRESENT = "present", "出席"
        LATE = "late", "迟到"
        LEFT_EARLY = "left_early", "早退"
        LATE_LEFT = "late_left", "迟到并早退"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "缺席"
        EXEMPT = "exempt", "免出席"
        VISITOR = "visitor", "列席来访"

    class Method(models.TextChoices):
        SELF_QR = "self_qr", "现场扫码"
        SELF_CODE = "self_code", "输入签到码"
        STAFF_SCAN = "staff_scan", "工作人员扫码"
        STAFF_TICK = "staff_tick", "工作人员登记"
        OFFLINE_DEVICE = "offline_device", "离线登记"
        IMPORT = "import", "名册导入"
        CORRECTION = "correction", "更正"
        ROLL_CLOSE = "roll_close", "收册时补齐"

    CAME = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY, Status.LATE_LEFT)

    activity = models.ForeignKey(
        "sharing.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="attendances"
    )
    representative = models.ForeignKey(
        "stations.Representative", verbose_name="代表", on_delete=models.PROTECT, related_name="attendances"
    )
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="任期", on_delete=models.PROTECT, related_name="attendances"
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    method = models.CharField("方式", max_length=16, choices=Method.choices)
    role = models.CharField("身份", max_length=10, default="attendee")
    units = models.DecimalField("计量", max_digits=5, decimal_places=2, default=1)
    obliged = models.BooleanField("应到", default=False)
    arrived_at = models.DateTimeField("签到时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    shared_device = models.BooleanField("同一设备签到多人", default=False)
    claim = models.UUIDField(
        default=uuid.uuid4, editable=False
    )  # tells an insert of ours from one that lost the race

    objects = AttendanceQuerySet.as_manager()
    quiet = True  # no public page shows a row; closing the roll drops the pages that show its counts

    class Meta:
        verbose_name = "签到记录"
        verbose_name_plural = "签到记录"
        constraints = [
            models.UniqueConstraint(fields=["activity", "representative"], name="one_attendance_a_person"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "present",
                        "late",
                        "left_early",
                        "late_left",
                        "leave",
                        "absent",
                        "exempt",
                        "visitor",
                    ]
                ),
                name="attendance_status_known",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_by__isnull=False),
                name="confirmed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["mandate", "activity"], name="attendance_by_mandate")]

    def __str__(self) -> str:
        return f"{self.representative}：{self.get_status_display()}"

    @property
    def came(self) -> bool:
        """Whether the roll says, and somebody has confirmed, that the person was there."""
        return self.confirmed_at is not None and self.status in (*self.CAME, self.Status.VISITOR)

    @property
    def may_be_certified(self) -> bool:
        """Whether a certificate of participation can be given out for the row (rule 25)."""
        return self.came and self.activity.state == "closed"


class AttendanceEvent(models.Model):
    """What was tried and done, in order; the database refuses to change or delete a line (rule 20)."""

    class Kind(models.TextChoices):
        CREATED = "created", "登记"
        CHANGED = "changed", "改动"
        ALREADY = "already", "重复签到"
        REFUSED = "refused", "未受理"
        CONFIRMED = "confirmed", "确认"
        REQUESTED = "requested", "申请补录"

    class Reason(models.TextChoices):
        INVALID = "invalid", "签到码不对"
        WRONG_ACTIVITY = "wrong_activity", "另一场活动的码"
        NOT_OPEN = "not_open", "还没有开始签到"
        WINDOW_CLOSED = "window_closed", "自助签到已截止"
        EXPIRED = "expired", "签到码已过期"
        ALREADY = "already", "已经签到"
        NOT_ELIGIBLE = "not_eligible", "不在名单"
        REVOKED = "revoked", "活动已取消"
        CONFLICT = "conflict", "同一凭号内容不同"
        RATE_LIMITED = "rate_limited", "尝试过多"
        LOCKED = "locked", "名册已锁定"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey("sharing.Activity", on_delete=models.PROTECT, related_name="events")
    representative = models.ForeignKey(
        "stations.Representative", null=True, on_delete=models.PROTECT, related_name="attendance_events"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason_code = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    old_status = models.CharField(max_length=10, blank=True)
    new_status = models.CharField(max_length=10, blank=True)
    method = models.CharField(max_length=16, choices=Attendance.Method.choices)
    reason = models.CharField(max_length=200, blank=True)
    nonce = models.CharField(max_length=64, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=32, blank=True)  # hash of a random cookie, never of a person
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    quiet = True

    class Meta:
        verbose_name = "签到经过"
        verbose_name_plural = "签到经过"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "nonce"], condition=~Q(nonce=""), name="nonce_once_an_activity"
            )
        ]
        indexes = [
            models.Index(fields=["activity", "representative", "received_at"], name="event_history"),
            models.Index(fields=["activity", "device"], name="event_by_device"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_at:%Y-%m-%d %H:%M:%S}"
