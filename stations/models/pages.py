"""The public pages of places and people: stations, industry points, stories, the directory."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from portal.blocks import ProseBlock, TimelineBlock
from portal.conventions.told import Around, Told
from portal.fields import SlimStreamField
from portal.models import BasePage, PageTag
from portal.models.tags import HINT as TAGS_HINT
from stations.conventions import place, story
from stations.models.people import Representative
from stations.models.places import Station


class StationIndexPage(BasePage):
    """联络站点: all stations and industry points, and who receives today."""

    template = "stations/station_index_page.html"
    column_type = "互动交流"
    max_count = 1
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["stations.StationPage", "stations.IndustryPointPage"]

    class Meta:
        verbose_name = "联络站点（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import station_index_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | station_index_context(self, request, timezone.now())


class PlacePage(BasePage):
    """What the pages of stations and industry points share."""

    station = models.OneToOneField(
        Station, verbose_name="站点", on_delete=models.PROTECT, related_name="%(class)s"
    )
    body = SlimStreamField(ProseBlock(), verbose_name="介绍", blank=True)

    parent_page_types = ["stations.StationIndexPage"]
    subpage_types: list[str] = []
    column_type = "互动交流"
    not_copied = "一个站点只有一个页面，页面不能复制。别的站点请新建页面。"
    shown_with = ("cover", "station__area")
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.RelatedFields("station", [index.SearchField(n) for n in ("name", "industry", "address")]),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("station"),
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import station_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | station_context(self.station, timezone.now())

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return place(self, around)

    def own_feeds(self) -> list[tuple[str, str]]:
        return [(self.title.replace("|", ""), reverse("feed_place", args=[self.pk]))]


class StationPage(PlacePage):
    """The face of a liaison station: address, hours, roster, reception days."""

    template = "stations/station_page.html"

    class Meta:
        verbose_name = "代表联络站"


class IndustryPointPage(PlacePage):
    """The face of an industry liaison point."""

    template = "stations/station_page.html"

    class Meta:
        verbose_name = "产业联络点"


class ProfileIndexPage(BasePage):
    """代表风采: the stories of representatives."""

    template = "stations/profile_index_page.html"
    column_type = "工作动态"
    section = "daibiao"
    max_count = 1
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["stations.ProfilePage", "stations.DirectoryPage"]

    class Meta:
        verbose_name = "代表风采（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import profile_index_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | profile_index_context(self, request)


class DirectoryPage(BasePage):
    """代表名录 in 姓名笔画 order."""

    template = "stations/directory_page.html"
    column_type = "概况信息"
    max_count = 1
    parent_page_types = ["stations.ProfileIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "代表名录"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import directory_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | directory_context(request, timezone.now())


class ProfileTag(PageTag):
    """A word of a story."""

    content_object = ParentalKey(
        "stations.ProfilePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ProfilePage(BasePage):
    """The story of one representative: long form, portrait, tags."""

    representative = models.OneToOneField(
        Representative, verbose_name="代表", on_delete=models.PROTECT, related_name="profile"
    )
    portrait = models.ForeignKey(
        get_image_model_string(),
        verbose_name="肖像",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    portrait_alt = models.CharField("肖像替代文字", max_length=80, blank=True)
    byline = models.CharField("署名", max_length=60, blank=True)
    date = models.DateField("日期")
    excellent_year = models.PositiveSmallIntegerField("优秀代表年度", null=True, blank=True)
    body = SlimStreamField(ProseBlock(), verbose_name="正文", blank=True)
    timeline = SlimStreamField(TimelineBlock(), verbose_name="履职纪事", blank=True)
    tags = ClusterTaggableManager(through=ProfileTag, blank=True, verbose_name="标签", help_text=TAGS_HINT)

    template = "stations/profile_page.html"
    column_type = "工作动态"
    section = "daibiao"
    not_copied = "一位代表只有一篇事迹，页面不能复制。别的代表请新建页面。"
    shown_with = ("cover", "portrait")
    described = {"portrait": "portrait_alt"}
    parent_page_types = ["stations.ProfileIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("timeline"),
        index.RelatedFields("representative", [index.SearchField("name"), index.SearchField("occupation")]),
        index.RelatedFields("tags", [index.SearchField("name")]),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("representative"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("portrait"),
                FieldPanel("portrait_alt", help_text="如“丁示例代表工作照”。不填时用图片库里写的那一句。"),
                FieldPanel("cover", help_text="只作装饰，不用写替代文字。不选时用一种釉色。"),
            ],
            "图片",
        ),
        MultiFieldPanel([FieldPanel(n) for n in ("byline", "date", "excellent_year", "tags")], "稿件信息"),
        FieldPanel("body"),
        FieldPanel("timeline"),
    ]

    class Meta:
        verbose_name = "代表事迹"
        indexes = [models.Index(fields=["-date"], name="profile_newest_first")]

    def topics(self) -> list[str]:
        """A story is told to who follows the section or its person."""
        return [f"section:{self.section}", f"representative:{self.representative_id}"]

    @property
    def picture_uses(self) -> dict[str, tuple[str, ...]]:
        """The portrait stands in for a missing cover."""
        return {"cover": ("cover",), "portrait": ("portrait",) if self.cover_id else ("portrait", "cover")}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import profile_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | profile_context(self, timezone.now())

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return story(self, around, context)

    def own_feeds(self) -> list[tuple[str, str]]:
        return [(f"{self.representative.name}代表", reverse("feed_person", args=[self.pk]))]
