"""Anything that has a roll: the activity, who is expected, and the tours and series it belongs to."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sessions.querysets import ActivityQuerySet, EnrolmentQuerySet

CHECK_OUT_KEPT = timedelta(minutes=60)  # after the end: a queue at the door is nobody's fault


def new_key() -> str:
    """Return 256 random bits in hex: the secret from which an activity's codes are made."""
    return secrets.token_hex(32)


def new_door() -> str:
    """Return the random public name of an activity's check-in address; it tells nothing and is no id."""
    return secrets.token_urlsafe(9)


class Tour(models.Model):
    """巡讲: one subject carried to several stops; each stop is an activity."""

    title = models.CharField("题目", max_length=80, unique=True)
    summary = models.CharField("提要", max_length=300, blank=True)

    class Meta:
        verbose_name = "巡讲"
        verbose_name_plural = "巡讲"

    def __str__(self) -> str:
        return self.title


class Series(models.Model):
    """系列: one subject in several sessions, such as a year of monthly ones; each session is an activity."""

    title = models.CharField("题目", max_length=80, unique=True)
    theme = models.CharField("主题", max_length=30, blank=True)
    summary = models.CharField("提要", max_length=300, blank=True)

    class Meta:
        verbose_name = "系列"
        verbose_name_plural = "系列"

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """活动: what happened, when, where, and by which rules people check in."""

    class Kind(models.TextChoices):
        CONGRESS = "congress", "人代会会议"
        STANDING_COMMITTEE = "standing_committee", "列席常委会"
        TRAINING = "training", "培训"
        LECTURE = "lecture", "大课堂讲座"
        SHARING = "sharing", "分享会"
        BRIGHT_IDEAS = "bright_ideas", "金点子分享会"
        SEMINAR = "seminar", "互动研讨"
        FIELD_VISIT = "field_visit", "沉浸式观摩"
        TOUR = "tour", "巡讲"
        GROUP_ACTIVITY = "group_activity", "小组活动"
        INSPECTION = "inspection", "视察"
        RESEARCH = "research", "调研"
        ENFORCEMENT_CHECK = "enforcement_check", "执法检查"
        APPRAISAL = "appraisal", "评议"
        HEARING = "hearing", "旁听"
        RECEPTION = "reception", "进站接待"
        VISIT = "visit", "走访"
        DUTY_REPORT = "duty_report", "述职"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        OPEN = "open", "已发布"
        CLOSED = "closed", "已收册"
        CANCELLED = "cancelled", "已取消"

    class Mode(models.TextChoices):
        ONSITE = "onsite", "现场"
        ONLINE = "online", "线上"
        HYBRID = "hybrid", "现场和线上同步"

    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    title = models.CharField("名称", max_length=120)
    theme = models.CharField("主题", max_length=30, blank=True)
    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="activities"
    )
    station = models.ForeignKey(
        "stations.Station",
        verbose_name="站点",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    place = models.CharField("地点", max_length=120, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    mode = models.CharField("参加方式", max_length=8, choices=Mode.choices, default=Mode.ONSITE)
    online_url = models.URLField(
        "线上会议地址",
        max_length=300,
        blank=True,
        help_text="从前一天起，只给名单上的代表看。",
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    cancel_reason = models.CharField("取消的原因", max_length=200, blank=True, editable=False)
    moved_from = models.DateTimeField("原定开始", null=True, blank=True, editable=False)
    moves = models.PositiveSmallIntegerField("改期次数", default=0, editable=False)
    units = models.DecimalField("计量（如半天数）", max_digits=5, decimal_places=2, default=1)
    early_minutes = models.PositiveSmallIntegerField("提前签到（分钟）", default=30)
    grace_minutes = models.PositiveSmallIntegerField("宽限（分钟）", default=10)
    late_minutes = models.PositiveSmallIntegerField("迟到截止（分钟）", default=30)
    check_out_required = models.BooleanField("要求签退", default=False)
    check_out_minutes = models.PositiveSmallIntegerField("结束前几分钟起可签退", default=15)
    capacity = models.PositiveSmallIntegerField("名额", null=True, blank=True)
    tour = models.ForeignKey(
        Tour, verbose_name="巡讲", null=True, blank=True, on_delete=models.PROTECT, related_name="stops"
    )
    stop_number = models.PositiveSmallIntegerField("站次", null=True, blank=True)
    series = models.ForeignKey(
        Series, verbose_name="系列", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    meeting = models.ForeignKey(
        "sharing.Meeting",
        verbose_name="会议",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="sittings",
    )
    own_reminders = models.BooleanField("另定提醒时间", default=False, editable=False)
    door = models.CharField(max_length=20, unique=True, default=new_door, editable=False)
    check_in_key = models.CharField(max_length=64, default=new_key, editable=False)
    locked = models.BooleanField("已随年度上报锁定", default=False, editable=False)
    # A deed that its people declared of themselves, no event that anybody was called to.
    declared = models.BooleanField("由代表申报", default=False, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of its entry in calendars
    closed_at = models.DateTimeField("收册时间", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收册人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(
                condition=Q(late_minutes__gte=F("grace_minutes")), name="activity_late_limit_after_grace"
            ),
            models.CheckConstraint(condition=Q(units__gte=0), name="activity_units_not_negative"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="activity_closed_has_moment",
            ),
            models.UniqueConstraint(fields=["tour", "stop_number"], name="tour_stop_once"),
            models.UniqueConstraint(
                fields=["meeting", "starts_at", "title"],
                condition=~Q(state="cancelled"),
                name="sitting_once_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(kind__in=["congress", "standing_committee"]),
                name="sitting_of_a_meetings_kind",
            ),
            models.CheckConstraint(
                condition=Q(online_url="") | ~Q(mode="onsite"),
                name="activity_link_needs_online_part",
                violation_error_message="填写线上会议地址时，参加方式请选择“线上”或“现场和线上同步”。",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="activity_by_state_and_start"),
            models.Index(fields=["kind", "starts_at"], name="activity_by_kind_and_start"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def opens_at(self) -> datetime:
        """From when people may check themselves in (rule 5)."""
        return self.starts_at - timedelta(minutes=self.early_minutes)

    @property
    def present_until(self) -> datetime:
        """The last moment that counts as on time (rule 4)."""
        return self.starts_at + timedelta(minutes=self.grace_minutes)

    @property
    def late_until(self) -> datetime:
        """The last moment at which people may check themselves in (rule 4)."""
        return self.starts_at + timedelta(minutes=self.late_minutes)

    @property
    def over_at(self) -> datetime:
        """From when nobody is still to come: it has ended, and people cannot check themselves in any more."""
        return max(self.ends_at, self.late_until)

    @property
    def check_out_from(self) -> datetime:
        """From when leaving is no early leaving (rule 6)."""
        return self.ends_at - timedelta(minutes=self.check_out_minutes)

    @property
    def check_out_until(self) -> datetime:
        """The last moment at which people may check themselves out, where that is demanded."""
        return self.ends_at + CHECK_OUT_KEPT


class Enrolment(models.Model):
    """Who is expected at an activity, why, and in which role. The obliged set is these rows, dated by themselves."""

    class Basis(models.TextChoices):
        OBLIGED = "obliged", "应到"
        INVITED = "invited", "邀请"
        VOLUNTARY = "voluntary", "自愿报名"

    class State(models.TextChoices):
        LISTED = "listed", "在名单"
        SIGNED_UP = "signed_up", "已报名"
        WAITING = "waiting", "候补"
        WITHDRAWN = "withdrawn", "已取消报名"

    class Role(models.TextChoices):
        ATTENDEE = "attendee", "参加"
        SPEAKER = "speaker", "主讲"
        HOST = "host", "主持"

    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="enrolments"
    )
    representative = models.ForeignKey(
        "stations.Representative", verbose_name="代表", on_delete=models.PROTECT, related_name="enrolments"
    )
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="任期", on_delete=models.PROTECT, related_name="enrolments"
    )
    basis = models.CharField("依据", max_length=10, choices=Basis.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.LISTED)
    role = models.CharField("身份", max_length=10, choices=Role.choices, default=Role.ATTENDEE)
    signed_up_at = models.DateTimeField("报名时间", null=True, blank=True)
    taken_off_at = models.DateTimeField("移出时间", null=True, blank=True, editable=False)
    taken_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="移出人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = EnrolmentQuerySet.as_manager()
    quiet = True  # shown to nobody but its own people: no stored page holds it

    class Meta:
        verbose_name = "参会名单"
        verbose_name_plural = "参会名单"
        constraints = [models.UniqueConstraint(fields=["activity", "representative"], name="enrolled_once")]

    def __str__(self) -> str:
        return f"{self.representative}：{self.activity}"

    @property
    def called(self) -> bool:
        """Whether the office wants the person there, obliged or invited, and has not taken them off the list."""
        return self.basis != self.Basis.VOLUNTARY and self.taken_off_at is None

    @property
    def standing(self) -> str:
        """How the person stands on the list, in the one word they read everywhere: 应到, 受邀, 已报名, 候补."""
        if self.basis == self.Basis.OBLIGED:
            return str(self.Basis.OBLIGED.label)
        return "受邀" if self.state == self.State.LISTED else self.get_state_display()
