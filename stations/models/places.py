"""Where: the tree of areas, who may see which part of it, stations with rosters and reception days."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from treebeard.mp_tree import MP_Node
from wagtail.search import index

from stations.querysets import ReceptionDayQuerySet, RosterEntryQuerySet, StationQuerySet

PER_CENT = [
    MinValueValidator(0, "请填写 0 到 100 之间的数。"),
    MaxValueValidator(100, "请填写 0 到 100 之间的数。"),
]


class Area(MP_Node):
    """A node of the tree municipality → county → township; `path` gives a whole branch in one condition."""

    class Level(models.TextChoices):
        MUNICIPALITY = "municipality", "地级市"
        COUNTY = "county", "县（市、区）"
        TOWNSHIP = "township", "乡镇、街道"

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=12, choices=Level.choices)

    node_order_by = ["code"]

    class Meta:
        verbose_name = "区域"
        verbose_name_plural = "区域"

    def __str__(self) -> str:
        return self.name


class AreaGrant(models.Model):
    """What a person may do in which branch of the tree. No grant, no rows."""

    class Role(models.TextChoices):
        RECORDER = "recorder", "记录员"
        EDITOR = "editor", "编辑"
        REVIEWER = "reviewer", "区域审核"
        OFFICE = "office", "代表工作委员会"
        AUDITOR = "auditor", "审计"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="账号", on_delete=models.CASCADE, related_name="area_grants"
    )
    area = models.ForeignKey(Area, verbose_name="区域", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("身份", max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = "区域授权"
        verbose_name_plural = "区域授权"
        constraints = [models.UniqueConstraint(fields=["user", "area", "role"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_role_display()}（{self.area}）"


class Station(index.Indexed, models.Model):
    """A place where representatives meet voters: a liaison station or an industry liaison point."""

    class Kind(models.TextChoices):
        LIAISON = "liaison", "代表联络站"
        INDUSTRY = "industry", "产业联络点"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=60, unique=True)
    area = models.ForeignKey(Area, verbose_name="区域", on_delete=models.PROTECT, related_name="stations")
    industry = models.CharField("产业", max_length=30, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("值班电话", max_length=30, blank=True)
    hours = models.CharField("开放时间", max_length=120, blank=True)
    access = models.CharField("无障碍与到达", max_length=200, blank=True)
    # Where it lies on the schematic map, in per cent from the left and from the top; no coordinates of the earth.
    map_x = models.DecimalField(
        "示意图横向位置（%）",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PER_CENT,
        help_text="0 在最左，100 在最右。两项都不填时不在示意图上单独标位置。",
    )
    map_y = models.DecimalField(
        "示意图纵向位置（%）",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PER_CENT,
        help_text="0 在最上，100 在最下。只表示大致方位，不作为行政区划依据。",
    )

    objects = StationQuerySet.as_manager()
    search_fields = [  # as of its page, for a place that has none; the search asks at each query where it is shown
        index.SearchField("name", boost=2),
        index.SearchField("industry"),
        index.SearchField("address"),
        index.AutocompleteField("name"),
    ]

    class Meta:
        verbose_name = "联络站点"
        verbose_name_plural = "联络站点"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="liaison") | ~Q(industry=""), name="industry_point_has_industry"
            ),
            models.CheckConstraint(
                condition=Q(map_x__isnull=True, map_y__isnull=True)
                # NULL compares as unknown, which a check lets pass: both are named.
                | Q(map_x__isnull=False, map_x__gte=0, map_x__lte=100)
                & Q(map_y__isnull=False, map_y__gte=0, map_y__lte=100),
                name="station_lies_on_the_map",
                violation_error_message="示意图的横向和纵向位置请一起填写，都在 0 到 100 之间；也可以都不填。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RosterEntry(models.Model):
    """A representative who works from a station, from one day to another."""

    station = models.ForeignKey(Station, verbose_name="站点", on_delete=models.PROTECT, related_name="roster")
    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="代表", on_delete=models.PROTECT, related_name="roster_entries"
    )
    duty = models.CharField("分工", max_length=60, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "驻站代表"
        verbose_name_plural = "驻站代表"
        constraints = [
            models.UniqueConstraint(fields=["station", "mandate", "starts_on"], name="roster_entry_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="roster_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station}：{self.mandate}"


class ReceptionDay(models.Model):
    """接待日: a day and hours on which voters are received at a station."""

    station = models.ForeignKey(
        Station, verbose_name="站点", on_delete=models.PROTECT, related_name="reception_days"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    topic = models.CharField("主题", max_length=80, blank=True)
    representatives = models.ManyToManyField(
        "stations.Mandate",
        verbose_name="接待代表",
        through="stations.ReceptionDuty",
        related_name="reception_days",
    )

    objects = ReceptionDayQuerySet.as_manager()

    class Meta:
        verbose_name = "接待日"
        verbose_name_plural = "接待日"
        constraints = [
            models.UniqueConstraint(fields=["station", "starts_at"], name="reception_day_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="reception_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="reception_by_day")]

    def __str__(self) -> str:
        return f"{self.station} {timezone.localdate(self.starts_at):%Y-%m-%d}"


class ReceptionDuty(models.Model):
    """Who receives on a reception day."""

    reception_day = models.ForeignKey(ReceptionDay, on_delete=models.CASCADE, related_name="duties")
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.PROTECT, related_name="reception_duties")

    class Meta:
        verbose_name = "接待安排"
        constraints = [
            models.UniqueConstraint(fields=["reception_day", "mandate"], name="reception_duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.reception_day}：{self.mandate}"
