"""What representatives declare of themselves, its evidence, and the history of each declaration that only grows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.uploads import CONTENT_TYPES, PrivateName, private_storage
from sessions.models.activities import Activity
from sessions.models.attendance import Attendance
from sessions.querysets import DeclarationQuerySet, LockedPeriodQuerySet

# What somebody does of their own accord; to the rest (a congress, a sharing session) one is called, and a roll is kept.
DEED_KINDS = (
    Activity.Kind.VISIT,
    Activity.Kind.RECEPTION,
    Activity.Kind.RESEARCH,
    Activity.Kind.INSPECTION,
    Activity.Kind.GROUP_ACTIVITY,
    Activity.Kind.HEARING,
    Activity.Kind.TRAINING,
    Activity.Kind.OTHER,
)
MOST_FILES = 6
FOLDER = PrivateName("declarations")


class Declaration(models.Model):
    """履职申报: a representative says what they did; it counts once somebody else has confirmed it."""

    class Kind(models.TextChoices):
        ATTENDANCE = "attendance", "参加的活动"
        DEED = "deed", "自己开展的工作"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已通过"
        MERGED = "merged", "已有记录，并入名册"
        WITHDRAWN = "withdrawn", "已撤回"

    class Part(models.TextChoices):
        MORNING = "morning", "上午"
        AFTERNOON = "afternoon", "下午"
        EVENING = "evening", "晚上"
        DAY = "day", "全天"

    WRITABLE = (State.DRAFT, State.RETURNED)
    UNFINISHED = (State.DRAFT, State.SUBMITTED, State.RETURNED)
    COUNTED = (State.CONFIRMED, State.MERGED)

    representative = models.ForeignKey(
        "stations.Representative", verbose_name="代表", on_delete=models.PROTECT, related_name="declarations"
    )
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="任期", null=True, on_delete=models.PROTECT, related_name="+"
    )
    area = models.ForeignKey(  # whose recorders review it: the activity's, for a deed the mandate's
        "stations.Area", verbose_name="审核区域", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("申报类型", max_length=10, choices=Kind.choices)
    activity = models.ForeignKey(
        Activity,
        verbose_name="活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="declarations",
    )
    deed_kind = models.CharField(
        "工作类别", max_length=20, blank=True, choices=[(kind.value, kind.label) for kind in DEED_KINDS]
    )
    title = models.CharField("做了什么", max_length=80, blank=True)
    happened_on = models.DateField("日期", null=True, blank=True)
    part = models.CharField("时段", max_length=10, choices=Part.choices, blank=True)
    units = models.DecimalField("计量", max_digits=5, decimal_places=2, default=1)
    place = models.CharField("地点", max_length=80, blank=True)
    text = models.TextField("经过", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(
        default=0
    )  # how often it was handed in: what a reviewer has seen
    nonce = models.CharField(max_length=64)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申报账号", on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField("填写时间")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decision_reason = models.CharField("审核意见", max_length=300, blank=True)
    attendance = models.ForeignKey(
        Attendance,
        verbose_name="计入的记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="declarations",
    )

    objects = DeclarationQuerySet.as_manager()
    quiet = True  # seen by its own person and the staff of the area; no stored page holds it

    class Meta:
        verbose_name = "履职申报"
        verbose_name_plural = "履职申报"
        constraints = [
            models.UniqueConstraint(fields=["representative", "nonce"], name="declaration_nonce_once"),
            models.UniqueConstraint(
                fields=["representative", "activity"],
                condition=Q(activity__isnull=False) & ~Q(state="withdrawn"),
                name="one_live_declaration_an_activity",
            ),
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(state="confirmed"), name="attendance_declared_once"
            ),
            models.CheckConstraint(  # four eyes (THREATS 14)
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("declared_by")),
                name="declaration_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="attendance", activity__isnull=False, deed_kind="")
                | (Q(kind="deed", activity__isnull=True) & ~Q(deed_kind="")),
                name="declaration_names_activity_or_deed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(
                    mandate__isnull=False,
                    area__isnull=False,
                    happened_on__isnull=False,
                    submitted_at__isnull=False,
                ),
                name="declaration_submitted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="declaration_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "merged"], attendance__isnull=False)
                | (~Q(state__in=["confirmed", "merged"]) & Q(attendance__isnull=True)),
                name="declaration_counts_by_a_row",
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="declaration_units_positive"),
        ]
        indexes = [
            models.Index(fields=["area", "state", "submitted_at"], name="declaration_queue"),
            models.Index(fields=["happened_on", "deed_kind"], name="declaration_by_day"),
        ]

    def __str__(self) -> str:
        return f"申报 {self.pk}"  # stands in logs: nothing of what was declared

    @property
    def is_writable(self) -> bool:
        """A draft, or sent back: its person may still change it."""
        return self.state in self.WRITABLE

    @property
    def is_open(self) -> bool:
        """Not decided and not withdrawn: its person may take it back."""
        return self.state in self.UNFINISHED

    @property
    def sort(self) -> str:
        """What it is, in a word: the kind of the deed, or of the activity."""
        return str(self.activity.get_kind_display() if self.activity else self.get_deed_kind_display())


class DeclarationFile(models.Model):
    """One piece of evidence, kept where no address leads; the row's place bounds how many there may be."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="files")
    file = models.FileField("文件", storage=private_storage, upload_to=FOLDER)
    preview = models.FileField("小图", storage=private_storage, upload_to=FOLDER, blank=True)
    name = models.CharField("文件名", max_length=100)
    kind = models.CharField("种类", max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("大小（字节）")
    position = models.PositiveSmallIntegerField("次序")

    quiet = True

    class Meta:
        verbose_name = "申报材料"
        verbose_name_plural = "申报材料"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "sha256"], name="evidence_once_a_declaration"),
            models.UniqueConstraint(fields=["declaration", "position"], name="evidence_one_a_place"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_FILES), name="evidence_at_most_six"
            ),
        ]

    def __str__(self) -> str:
        return f"材料 {self.position}"

    @property
    def content_type(self) -> str:
        """What the browser is told it is."""
        return CONTENT_TYPES[self.kind]


class DeclarationEvent(models.Model):
    """What happened to a declaration, in order; the database refuses to change or delete a line (THREATS 28)."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "提交"
        WITHDRAWN = "withdrawn", "撤回"
        RETURNED = "returned", "退回"
        CONFIRMED = "confirmed", "通过"
        MERGED = "merged", "并入已有记录"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    old_state = models.CharField(max_length=10, choices=Declaration.State.choices)
    new_state = models.CharField(max_length=10, choices=Declaration.State.choices)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)  # as it was handed in, with the digests of its files
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()

    quiet = True

    class Meta:
        verbose_name = "申报经过"
        verbose_name_plural = "申报经过"
        indexes = [models.Index(fields=["declaration", "happened_at"], name="declaration_history")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d %H:%M:%S}"


class LockedPeriod(models.Model):
    """Days of a branch whose year was handed up: no new fact may appear in them (PRODUCT.md, rule 21)."""

    area = models.ForeignKey("stations.Area", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")

    objects = LockedPeriodQuerySet.as_manager()
    quiet = True

    class Meta:
        verbose_name = "锁定的时段"
        verbose_name_plural = "锁定的时段"
        constraints = [
            models.UniqueConstraint(fields=["area", "starts_on", "ends_on"], name="period_locked_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="locked_period_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}：{self.starts_on}—{self.ends_on}"
