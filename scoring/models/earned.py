"""What earns beside attendance: proposals, media reports, honours. Each row belongs to mandates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.uploads import PrivateName, private_storage
from scoring.querysets import MediaReportQuerySet


class Level(models.TextChoices):
    """Of outlets and honours, as the standards name them."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    COUNTY = "county", "县级"


class Judged(models.Model):
    """What somebody hands in and the office judges: it earns once it is verified, by another than who handed it in."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待核实"
        VERIFIED = "verified", "已核实"
        REJECTED = "rejected", "未采用"
        WITHDRAWN = "withdrawn", "已撤回"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SUBMITTED)
    verified_at = models.DateTimeField("核实时间", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核实人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.CharField("核实意见", max_length=200, blank=True)
    # By its representative; empty for what the office entered.
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField("报送时间", null=True, blank=True)
    remark = models.CharField("报送说明", max_length=200, blank=True)
    evidence = models.FileField(
        "照片", storage=private_storage, upload_to=PrivateName("hand-ins"), max_length=120, blank=True
    )

    class Meta:
        abstract = True


class Proposal(models.Model):
    """议案、建议."""

    title = models.CharField("题目", max_length=160)
    ref = models.CharField("编号", max_length=40, unique=True)
    submitted_on = models.DateField("提出日期")
    filed = models.BooleanField("已立案", default=True)
    fine = models.BooleanField("优秀建议", default=False)
    key = models.BooleanField("重点督办", default=False)

    class Meta:
        verbose_name = "议案建议"
        verbose_name_plural = "议案建议"
        indexes = [models.Index(fields=["submitted_on"], name="proposal_by_day")]

    def __str__(self) -> str:
        return self.title


class ProposalMover(models.Model):
    """Who moved a proposal, and as what."""

    class Role(models.TextChoices):
        SOLE = "sole", "独立提出"
        LEAD = "lead", "领衔"
        CO = "co", "附议"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="movers")
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.PROTECT, related_name="proposals")
    role = models.CharField("身份", max_length=6, choices=Role.choices)

    class Meta:
        verbose_name = "提出人"
        constraints = [models.UniqueConstraint(fields=["proposal", "mandate"], name="mover_once")]

    def __str__(self) -> str:
        return f"{self.mandate}：{self.proposal}"


class Outlet(models.Model):
    """媒体: its level decides the bonus."""

    class Medium(models.TextChoices):
        TV = "tv", "电视"
        PAPER = "paper", "报刊"
        NEW_MEDIA = "new_media", "新媒体"

    name = models.CharField("名称", max_length=60, unique=True)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    medium = models.CharField("类型", max_length=10, choices=Medium.choices)

    class Meta:
        verbose_name = "媒体"
        verbose_name_plural = "媒体"

    def __str__(self) -> str:
        return f"{self.name}（{self.get_level_display()}）"


class MediaReport(Judged):
    """专题报道: earns nothing until the office has verified it; one story in several outlets has one `story`."""

    title = models.CharField("标题", max_length=160)
    # Empty only while a report of an outlet that the directory does not hold waits.
    outlet = models.ForeignKey(
        Outlet, verbose_name="媒体", null=True, on_delete=models.PROTECT, related_name="reports"
    )
    published_on = models.DateField("刊播日期")
    url = models.URLField("链接", max_length=500, blank=True)
    canonical_url = models.CharField(max_length=500, blank=True, editable=False)
    story = models.CharField(
        "同一报道", max_length=80, help_text="同一报道在几家媒体刊播，填同一个词，只计一次。"
    )
    form = models.CharField("体裁", max_length=30, blank=True)
    clipping = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name="剪报",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = MediaReportQuerySet.as_manager()

    class Meta:
        verbose_name = "专题报道"
        verbose_name_plural = "专题报道"
        constraints = [
            models.UniqueConstraint(
                fields=["canonical_url"], condition=~Q(canonical_url=""), name="media_report_link_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="verified_report_has_verifier",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(outlet__isnull=False), name="verified_report_has_outlet"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | ~Q(verified_by=F("handed_in_by")),
                name="report_verified_by_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "published_on"], name="report_by_state_and_day")]

    def __str__(self) -> str:
        return self.title


class MediaReportSubject(models.Model):
    """Whom a report is about; joint coverage names several."""

    report = models.ForeignKey(MediaReport, on_delete=models.CASCADE, related_name="subjects")
    mandate = models.ForeignKey("stations.Mandate", on_delete=models.PROTECT, related_name="media_reports")

    class Meta:
        verbose_name = "报道对象"
        constraints = [models.UniqueConstraint(fields=["report", "mandate"], name="subject_once_a_report")]

    def __str__(self) -> str:
        return f"{self.mandate}：{self.report}"


class Honour(Judged):
    """履职荣誉."""

    mandate = models.ForeignKey(
        "stations.Mandate", verbose_name="代表", on_delete=models.PROTECT, related_name="honours"
    )
    title = models.CharField("名称", max_length=120)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    ref = models.CharField("证书编号", max_length=60, blank=True)
    awarded_on = models.DateField("授予日期")

    class Meta:
        verbose_name = "履职荣誉"
        verbose_name_plural = "履职荣誉"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="verified")
                | Q(handed_in_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="verified_honour_has_verifier",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | ~Q(verified_by=F("handed_in_by")),
                name="honour_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title
