"""The base of all pages, and the pages that belong to no floor above: home, notices, articles."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from portal.blocks import ProseBlock
from portal.fields import SlimStreamField
from portal.models.tags import HINT as TAGS_HINT
from portal.models.tags import PageTag

PAGE_SIZE = 12


class BasePage(Page):
    """What every public page has: a summary for lists and a cover picture."""

    summary = models.CharField("提要", max_length=200, blank=True, help_text="列表和分享时显示，一两句话。")
    cover = models.ForeignKey(
        get_image_model_string(),
        verbose_name="封面",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    search_fields = [*Page.search_fields, index.SearchField("summary")]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("cover")]
    show_in_menus_default = False

    class Meta:
        abstract = True


def page_of(items: Any, request: HttpRequest, size: int = PAGE_SIZE) -> Any:
    """Return one page of `items`; any nonsense in ?page= shows the nearest page there is."""
    return Paginator(items, size).get_page(request.GET.get("page"))


class HomePage(BasePage):
    """The front page; what it shows of the floors above comes through their template tags."""

    template = "portal/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "首页"


class NoticeIndexPage(BasePage):
    """通知公告: the list of notices, newest first."""

    template = "portal/notice_index_page.html"
    max_count = 1
    subpage_types = ["portal.NoticePage"]

    class Meta:
        verbose_name = "通知公告（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        notices = NoticePage.objects.child_of(self).live().public().order_by("-date", "-pk")
        context["notices"] = page_of(notices, request)
        return context


class NoticeTag(PageTag):
    """A word of a notice."""

    content_object = ParentalKey("portal.NoticePage", on_delete=models.CASCADE, related_name="tagged_items")


class NoticePage(BasePage):
    """One notice or article: source, date, editor."""

    date = models.DateField("日期")
    source = models.CharField("来源", max_length=60, blank=True)
    editor = models.CharField("责任编辑", max_length=30, blank=True)
    body = SlimStreamField(ProseBlock(), verbose_name="正文", blank=True)
    tags = ClusterTaggableManager(through=NoticeTag, blank=True, verbose_name="标签", help_text=TAGS_HINT)

    template = "portal/notice_page.html"
    parent_page_types = ["portal.NoticeIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("date")]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("date"), FieldPanel("source"), FieldPanel("editor")], "稿件信息"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]

    class Meta:
        verbose_name = "通知公告"
        indexes = [models.Index(fields=["-date"], name="notice_newest_first")]


class ArticlePage(BasePage):
    """A standing page: about this site, accessibility, privacy."""

    body = SlimStreamField(ProseBlock(), verbose_name="正文", blank=True)

    template = "portal/article_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = "说明页"
