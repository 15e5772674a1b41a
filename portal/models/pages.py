"""The base of all pages, and the pages that belong to no floor above: home, notices, articles."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page, PagePermissionTester, PageViewRestriction
from wagtail.search import index

from portal.blocks import ProseBlock
from portal.conventions.addresses import understood
from portal.conventions.told import Around, Told, article, organisation, website
from portal.dates import cn_date
from portal.fields import SlimStreamField
from portal.models.tags import HINT as TAGS_HINT
from portal.models.tags import PageTag
from portal.page_forms import PageForm
from portal.slugs import free_slug

PAGE_SIZE = 12


class NeverCopied(PagePermissionTester):
    """What may be done with a page that there is once; no menu offers to copy it, no way of Wagtail's does."""

    def can_copy(self) -> bool:
        return False


class BasePage(Page):
    """What every public page has: a summary for lists, a cover picture, a pinyin address, words for machines."""

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
    base_form_class = PageForm
    column_type = ""  # ColumnType of the government sites' convention
    section = ""  # names the feed it stands in and what readers follow: section:<name>
    # What its template reads of other tables, joined when it is served.
    shown_with: tuple[str, ...] = ("cover",)
    # The pages above it down from the home page, when portal.routing found it open to everybody.
    trail: list[Page] | None = None
    not_copied = ""  # why the page is never copied and what to do instead, for editors; empty: it may be
    followed_with: tuple[Any, ...] = ()  # of other tables, for topics() and told_when()
    described: ClassVar[dict[str, str]] = {}  # image field: the field with its words for who cannot see it

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._spell_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._spell_slug()
        super().minimal_clean()

    def _spell_slug(self) -> None:
        """Give a page without an address, or a new one with a Chinese address, its title in pinyin."""
        slug: str = self.slug  # type: ignore[has-type]  # Wagtail is untyped
        new = self._state.adding and not slug.isascii()
        parent_is_known = bool(self.path or getattr(self, "_cached_parent_obj", None))
        if (not slug or new) and parent_is_known:
            parent = self.get_parent()
            words = slug or self.title
            self.slug = free_slug(words, lambda slug: not Page._slug_is_available(slug, parent, self))

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Return what `user` may do with the page."""
        return NeverCopied(user, self) if self.not_copied else super().permissions_for_user(user)

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        """Return what the page says of itself to machines; `context` is that of its template: no query of its own."""
        return Told(column_type=self.column_type)

    def own_feeds(self) -> list[tuple[str, str]]:
        """Return (title, path) of the feeds about what this page is about, beside that of its section."""
        return []

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return the restrictions of this page and those above; nothing is asked when routing has looked."""
        if self.trail is not None:
            return PageViewRestriction.objects.none()  # type: ignore[no-any-return]  # Wagtail is untyped
        return super().get_view_restrictions()  # type: ignore[no-any-return]

    def parents(self) -> list[Page]:
        """Return the pages between the home page and this one, for the breadcrumb."""
        above = self.get_ancestors() if self.trail is None else self.trail
        return [page for page in above if page.depth > 2]

    def topics(self) -> list[str]:
        """Return the topics whose followers are told of this page once, such as section:daibiao; none: nobody is."""
        return []

    def told_when(self) -> str:
        """Return the day a letter names beside this page, in words."""
        return cn_date(getattr(self, "date", None) or self.first_published_at)

    @property
    def picture_uses(self) -> dict[str, tuple[str, ...]]:
        """Which uses (portal.pictures.uses) the page's own image fields have; pictures in texts are known."""
        return {}


def kinds_of_pages() -> list[type[BasePage]]:
    """Return the page models of all floors, whichever there are; this floor names none of those above."""
    return [model for model in apps.get_models() if issubclass(model, BasePage)]


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

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return Told(structured=(website(around), around.publisher))


class NoticeIndexPage(BasePage):
    """通知公告: the list of notices, newest first."""

    template = "portal/notice_index_page.html"
    max_count = 1
    subpage_types = ["portal.NoticePage"]
    column_type = "通知公告"
    section = "tongzhi"

    class Meta:
        verbose_name = "通知公告（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        notices = NoticePage.objects.child_of(self).live().public().order_by("-date", "-pk")
        context["notices"] = page_of(notices, request)
        context["understood"] = understood(page=context["notices"])
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
    column_type = "通知公告"
    section = "tongzhi"
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

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return Told(
            column_type=self.column_type,
            published=self.date,
            source=self.source,
            author=self.editor,
            structured=(article(self, around, day=self.date, author=organisation(self.source)),),
        )

    def topics(self) -> list[str]:
        """A notice is told to who follows the section."""
        return [f"section:{self.section}"]


class ArticlePage(BasePage):
    """A standing page: about this site, accessibility, privacy."""

    body = SlimStreamField(ProseBlock(), verbose_name="正文", blank=True)

    template = "portal/article_page.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    column_type = "概况信息"
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = "说明页"
