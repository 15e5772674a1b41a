"""The assessment of one period: its steps, what areas submitted, the frozen sheets, the book."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from scoring.models.standards import Standard
from scoring.querysets import FrozenSheetQuerySet, YearQuerySet, YearTotalQuerySet


class Year(models.Model):
    """年度考评. It keeps the standard it is computed under; scoring/year/ holds the table of steps."""

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        OPEN = "open", "履职与自评"
        REVIEWING = "reviewing", "区域审核"
        PUBLICISED = "publicised", "公示"
        CONFIRMED = "confirmed", "主任会议确认"
        NOTIFIED = "notified", "已通报"

    class Joiners(models.TextChoices):
        """How a mandate that began or ended within the year is graded."""

        FULL = "full", "按全年评定"
        PRO_RATA = "pro_rata", "按在任月数折算"
        NOT_GRADED = "not_graded", "本年度不评定"

    class Position(models.TextChoices):
        """Whether a representative reads on the own sheet where they stand, and among whom."""

        OFF = "off", "不显示"
        GROUP = "group", "在代表小组里"
        CITY = "city", "在全体代表里"
        BOTH = "both", "小组和全体都显示"

    label = models.PositiveSmallIntegerField("年度", unique=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    term = models.ForeignKey(
        "stations.Term", verbose_name="届", on_delete=models.PROTECT, related_name="years"
    )
    standard = models.ForeignKey(
        Standard, verbose_name="积分标准", on_delete=models.PROTECT, related_name="years"
    )
    joiners = models.CharField(
        "年中到任或离任的代表", max_length=10, choices=Joiners.choices, default=Joiners.FULL
    )
    # What is shown and asked for beside the points: neither moves a figure, so both may change at any time.
    position = models.CharField(
        "代表看到的位置", max_length=6, choices=Position.choices, default=Position.OFF
    )
    wants_sheets = models.BooleanField("名册要有签到册原件", default=False)
    state = models.CharField("步骤", max_length=12, choices=State.choices, default=State.DRAFT)
    reckoned_at = models.DateTimeField("核算时间", null=True, blank=True)
    publicised_until = models.DateField("公示截止", null=True, blank=True)
    decision_meeting = models.CharField("会议", max_length=80, blank=True)
    decision_number = models.CharField("文号", max_length=60, blank=True)
    decided_on = models.DateField("确认日期", null=True, blank=True)
    digest = models.CharField(
        "确认摘要", max_length=64, blank=True
    )  # SHA-256 over the frozen year, canonical JSON

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = "年度考评"
        verbose_name_plural = "年度考评"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="year_ends_after_start"),
            models.CheckConstraint(
                condition=Q(joiners__in=["full", "pro_rata", "not_graded"]), name="year_knows_its_joiners"
            ),
            models.CheckConstraint(
                condition=Q(position__in=["off", "group", "city", "both"]), name="year_knows_its_position"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "notified"])
                | (~Q(digest="") & Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="confirmed_year_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} 年度"

    def publicised_on(self, day: date) -> bool:
        """Whether its sheets lie open to objections on `day`."""
        until = self.publicised_until
        return bool(self.state == self.State.PUBLICISED and until and day <= until)


class AreaReview(models.Model):
    """One area's part of the year: reviewed, submitted, returned or re-checked."""

    class State(models.TextChoices):
        PENDING = "pending", "审核中"
        SUBMITTED = "submitted", "已报送"
        RETURNED = "returned", "已退回"
        RECHECKED = "rechecked", "已复核"

    year = models.ForeignKey(Year, verbose_name="年度", on_delete=models.PROTECT, related_name="reviews")
    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="reviews"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    note = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "区域审核"
        verbose_name_plural = "区域审核"
        constraints = [models.UniqueConstraint(fields=["year", "area"], name="review_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}：{self.area}"


class YearEvent(models.Model):
    """Who moved the year from which step to which, when and why; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="events")
    area = models.ForeignKey("stations.Area", null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=20)
    old_state = models.CharField(max_length=12)
    new_state = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = "年度经过"
        indexes = [models.Index(fields=["year", "happened_at"], name="year_history")]

    def __str__(self) -> str:
        return f"{self.year} {self.action}"


class FrozenSheet(models.Model):
    """成绩单 as it was confirmed, or added by a supplement; append-only. Before confirmation sheets are derived, never stored."""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="sheets")
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.PROTECT, related_name="sheets")
    total = models.DecimalField("总分", max_digits=8, decimal_places=2)
    band = models.CharField("等次", max_length=20)
    content = models.JSONField()  # the whole sheet, points as strings (scoring/sheets.py)
    # The number of the supplement that put a forgotten person on the list; empty for who was on the confirmed one.
    added_in = models.PositiveSmallIntegerField("补充列入", null=True, editable=False)

    objects = FrozenSheetQuerySet.as_manager()
    quiet = True

    class Meta:
        verbose_name = "成绩单"
        verbose_name_plural = "成绩单"
        constraints = [models.UniqueConstraint(fields=["year", "mandate"], name="sheet_once_a_year")]
        indexes = [models.Index(fields=["year", "band"], name="sheet_by_band")]

    def __str__(self) -> str:
        return f"{self.mandate} {self.year}"


class YearTotal(models.Model):
    """A mandate's total at the last reckoning of a running year: a remembered figure, never the one that counts.

    The sheet of a person is always derived anew; these rows tell the office who moved since, and large cities their
    lists at once. `Year.reckoned_at` says of when they are.
    """

    # No index of its own: both below begin with it.
    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="totals", db_index=False)
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.CASCADE, related_name="totals")
    total = models.DecimalField("总分", max_digits=8, decimal_places=2)
    band = models.CharField("等次", max_length=20)
    before = models.DecimalField("上次总分", max_digits=8, decimal_places=2, null=True)
    band_before = models.CharField("上次等次", max_length=20, blank=True)
    moved_at = models.DateTimeField("变动时间")

    objects = YearTotalQuerySet.as_manager()
    quiet = True

    class Meta:
        verbose_name = "核算结果"
        verbose_name_plural = "核算结果"
        constraints = [models.UniqueConstraint(fields=["year", "mandate"], name="total_once_a_year")]
        indexes = [models.Index(fields=["year", "moved_at"], name="total_by_move")]

    def __str__(self) -> str:
        return f"{self.mandate} {self.year}"


class Edition(models.Model):
    """年底汇编: one making of a year's book."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待生成"
        RUNNING = "running", "正在生成"
        DONE = "done", "已生成"
        STOPPED = "stopped", "未完成"

    year = models.ForeignKey(Year, verbose_name="年度", on_delete=models.PROTECT, related_name="editions")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    pages = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = "汇编"
        verbose_name_plural = "汇编"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(file_name=""), name="finished_edition_has_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}汇编"
