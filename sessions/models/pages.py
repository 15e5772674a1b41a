"""The public pages of sharing sessions with their speakers."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.blocks import ProseBlock
from portal.conventions.told import Around, Told
from portal.dates import cn_date, cn_span
from portal.fields import SlimStreamField
from portal.models import BasePage, PageTag
from portal.models.tags import HINT as TAGS_HINT
from sessions.blocks import AgendaBlock, TakeawaysBlock
from sessions.conventions import session
from sessions.models.activities import Activity


class SessionIndexPage(BasePage):
    """分享会: what comes and what was, by theme, format and month."""

    template = "sessions/session_index_page.html"
    column_type = "工作动态"
    section = "fenxianghui"
    max_count = 1
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["sharing.SharingSessionPage"]

    class Meta:
        verbose_name = "分享会（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from sessions.views.public import session_index_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | session_index_context(self, request, timezone.now())


class SessionTag(PageTag):
    """A word of a session."""

    content_object = ParentalKey(
        "sharing.SharingSessionPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class SharingSessionPage(BasePage):
    """The face of one activity: what it is about, who speaks, what came of it."""

    class Format(models.TextChoices):
        TOPIC = "topic", "专题式"
        INTERACTIVE = "interactive", "互动式"
        IMMERSIVE = "immersive", "沉浸式"
        LECTURE = "lecture", "大课堂"
        BRIGHT_IDEAS = "bright_ideas", "金点子"

    activity = models.OneToOneField(
        Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="page"
    )
    number = models.PositiveSmallIntegerField("期数", null=True, blank=True, unique=True)
    format = models.CharField("形式", max_length=12, choices=Format.choices, default=Format.TOPIC)
    intro = SlimStreamField(ProseBlock(), verbose_name="内容介绍", blank=True)
    agenda = SlimStreamField(AgendaBlock(), verbose_name="议程", blank=True)
    outcome = SlimStreamField(ProseBlock(), verbose_name="会后小结", blank=True)
    takeaways = SlimStreamField(TakeawaysBlock(), verbose_name="带走的要点", blank=True)
    tags = ClusterTaggableManager(through=SessionTag, blank=True, verbose_name="标签", help_text=TAGS_HINT)

    template = "sessions/sharing_session_page.html"
    column_type = "工作动态"
    section = "fenxianghui"
    not_copied = (
        "一场分享会只有一个页面，页面不能复制。要再办一场，请到“分享会与活动”的活动列表里用“复制为新的一场”。"
    )
    shown_with = ("cover", "activity__station", "activity__series", "activity__tour")
    parent_page_types = ["sharing.SessionIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(name) for name in ("intro", "agenda", "outcome", "takeaways")),
        index.RelatedFields(
            "activity",
            [
                index.SearchField("theme"),
                index.SearchField("place"),
                index.RelatedFields("station", [index.SearchField("name")]),
            ],
        ),
        index.RelatedFields(
            "speakers",
            [
                *(index.SearchField(name) for name in ("guest_name", "guest_title", "topic", "abstract")),
                index.RelatedFields("representative", [index.SearchField("name")]),
            ],
        ),
    ]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("activity"), FieldPanel("number"), FieldPanel("format")], "场次"),
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("intro"),
        InlinePanel("speakers", label="主讲人"),
        FieldPanel("agenda"),
        FieldPanel("outcome"),
        FieldPanel("takeaways"),
        FieldPanel("tags"),
    ]

    followed_with = ("activity", Prefetch("speakers", to_attr="speakers_told"))

    class Meta:
        verbose_name = "分享会"

    def topics(self) -> list[str]:
        """A session is told to who follows the section, its place or a speaker; one called off to nobody."""
        if self.activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
            return []
        speakers = self.speakers_told if hasattr(self, "speakers_told") else self.speakers.all()
        place = [f"station:{self.activity.station_id}"] if self.activity.station_id else []
        people = [f"representative:{s.representative_id}" for s in speakers if s.representative_id]
        return [f"section:{self.section}", *place, *people]

    def told_when(self) -> str:
        """Return when it is held, not when it was published."""
        activity = self.activity
        return f"{cn_date(activity.starts_at)} {cn_span(activity.starts_at, activity.ends_at)}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from sessions.views.public import session_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | session_context(self, request, timezone.now())

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return session(self, around, context)


class SessionSpeaker(Orderable):
    """Who speaks: a representative, or a guest without an account."""

    page = ParentalKey(SharingSessionPage, on_delete=models.CASCADE, related_name="speakers")
    representative = models.ForeignKey(
        "stations.Representative",
        verbose_name="代表",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    guest_name = models.CharField("嘉宾姓名", max_length=40, blank=True)
    guest_title = models.CharField("嘉宾身份", max_length=80, blank=True)
    topic = models.CharField("题目", max_length=80, blank=True)
    abstract = models.CharField("内容提要", max_length=300, blank=True)

    panels = [FieldPanel(n) for n in ("representative", "guest_name", "guest_title", "topic", "abstract")]

    class Meta(Orderable.Meta):
        verbose_name = "主讲人"
        constraints = [
            models.CheckConstraint(
                condition=(Q(representative__isnull=False) & Q(guest_name=""))
                | (Q(representative__isnull=True) & ~Q(guest_name="")),
                name="speaker_is_representative_or_guest",
                violation_error_message="主讲人请选择一位代表，或填写嘉宾姓名，二者填一项。",
            )
        ]

    def __str__(self) -> str:
        return self.guest_name or str(self.representative)
