"""The public pages of places and people: stations, industry points, stories, the directory."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from portal.blocks import ProseBlock, TimelineBlock
from portal.fields import SlimStreamField
from portal.models import BasePage
from stations.models.people import Representative
from stations.models.places import Station


class StationIndexPage(BasePage):
    """联络站点: all stations and industry points, and who receives today."""

    template = "stations/station_index_page.html"
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
    max_count = 1
    parent_page_types = ["stations.ProfileIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "代表名录"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import directory_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | directory_context(request, timezone.now())


class ProfileTag(TaggedItemBase):
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
    tags = ClusterTaggableManager(through=ProfileTag, blank=True, verbose_name="标签")

    template = "stations/profile_page.html"
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
        MultiFieldPanel([FieldPanel(n) for n in ("portrait", "portrait_alt", "cover")], "图片"),
        MultiFieldPanel([FieldPanel(n) for n in ("byline", "date", "excellent_year", "tags")], "稿件信息"),
        FieldPanel("body"),
        FieldPanel("timeline"),
    ]

    class Meta:
        verbose_name = "代表事迹"
        indexes = [models.Index(fields=["-date"], name="profile_newest_first")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from stations.views import profile_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | profile_context(self, timezone.now())
