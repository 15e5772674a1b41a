"""Courseware: its public pages, their files, and what is known of a file: pages, pictures of them, downloads."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.conventions.told import Around, Told
from portal.models import BasePage, PageTag
from portal.models.tags import HINT as TAGS_HINT
from portal.uploads import PrivateName, private_storage
from sessions.conventions import courseware
from sessions.models.pages import SharingSessionPage

DOCUMENT = "wagtaildocs.Document"


class CoursewareIndexPage(BasePage):
    """课件库."""

    template = "sessions/courseware_index_page.html"
    column_type = "资料下载"
    section = "kejian"
    max_count = 1
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["sharing.CoursewarePage"]

    class Meta:
        verbose_name = "课件库（栏目）"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from sessions.views.courseware import index_context  # noqa: PLC0415 -- views import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | index_context(self, request)


class CoursewareTag(PageTag):
    """A word of a courseware."""

    content_object = ParentalKey(
        "sharing.CoursewarePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class CoursewarePage(BasePage):
    """课件: files a speaker left for others. The author's credit is a column of the live page, no revision."""

    class Kind(models.TextChoices):
        SLIDES = "slides", "演示文稿"
        DOCUMENT = "document", "文档"
        VIDEO = "video", "视频"
        AUDIO = "audio", "音频"
        ALBUM = "album", "图集"

    class Access(models.TextChoices):
        PUBLIC = "public", "公开"
        REPRESENTATIVES = "representatives", "仅代表"

    author = models.ForeignKey(
        "stations.Representative",
        verbose_name="作者（代表）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courseware",
    )
    guest_author = models.CharField("作者（嘉宾）", max_length=60, blank=True)
    session = models.ForeignKey(
        SharingSessionPage,
        verbose_name="所属分享会",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="courseware",
    )
    theme = models.CharField("主题", max_length=30, blank=True)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.SLIDES)
    access = models.CharField(
        "谁可以下载",
        max_length=16,
        choices=Access.choices,
        default=Access.PUBLIC,
        help_text="选“仅代表”时，标题和提要照常公布，文件和预览在登录后才能看。发布后生效。",
    )
    date = models.DateField("日期")
    selected = models.BooleanField("优秀课件", default=False)
    length = models.CharField(
        "篇幅", max_length=30, blank=True, help_text="如 24 页、35 分钟。不填时按文件的页数写。"
    )

    tags = ClusterTaggableManager(through=CoursewareTag, blank=True, verbose_name="标签", help_text=TAGS_HINT)

    template = "sessions/courseware_page.html"
    column_type = "资料下载"
    section = "kejian"
    parent_page_types = ["sharing.CoursewareIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("theme"),
        index.SearchField("guest_author"),
        index.RelatedFields("author", [index.SearchField("name")]),
        index.RelatedFields("session", [index.SearchField("title")]),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("guest_author")], "作者"),
        MultiFieldPanel([FieldPanel(n) for n in ("session", "kind", "theme", "date", "length")], "归类"),
        FieldPanel("access"),
        FieldPanel("tags"),
        InlinePanel("files", label="文件", min_num=1),
    ]

    class Meta:
        verbose_name = "课件"
        indexes = [models.Index(fields=["-date"], name="courseware_newest_first")]

    def topics(self) -> list[str]:
        """Courseware is told to who follows the section or its author; a guest cannot be followed."""
        author = [f"representative:{self.author_id}"] if self.author_id else []
        return [f"section:{self.section}", *author]

    @property
    def picture_uses(self) -> dict[str, tuple[str, ...]]:
        """In the library and on its own page."""
        return {"cover": ("card", "figure")}

    def with_content_json(self, content: dict[str, Any]) -> "CoursewarePage":
        """Return the page with what a revision holds; the award is no editor's text and stays as it is."""
        page: CoursewarePage = super().with_content_json(content)
        page.selected = self.selected
        return page

    def told(self, around: Around, context: Mapping[str, Any]) -> Told:
        return courseware(self, around, context)


class CoursewareFile(Orderable):
    """One file of a courseware."""

    page = ParentalKey(CoursewarePage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(DOCUMENT, verbose_name="文件", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=80, blank=True)

    panels = [FieldPanel("document"), FieldPanel("note")]

    class Meta(Orderable.Meta):
        verbose_name = "课件文件"


class FileFacts(models.Model):
    """What a document's file was found to be; a file that was replaced since has another name."""

    document = models.OneToOneField(
        DOCUMENT, primary_key=True, on_delete=models.CASCADE, related_name="facts"
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveIntegerField(null=True)
    examined_at = models.DateTimeField(null=True)  # when its pages were counted and drawn

    quiet = True
    wagtail_reference_index_ignore = True  # nothing refers to a document by counting it

    def __str__(self) -> str:
        return self.file_name


class FileText(index.Indexed, models.Model):
    """The words of a file, in parts of at most LENGTH characters; the search finds those of public files."""

    LENGTH = 12_000  # what the index of one row holds whole (portal/search/words.py)

    document = models.ForeignKey(DOCUMENT, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    search_fields = [
        index.SearchField("text"),
        index.RelatedFields("document", [index.SearchField("title")]),
    ]
    quiet = True
    wagtail_reference_index_ignore = True  # nothing refers to a document by reading it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_text_of_a_part")]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"

    @classmethod
    def get_indexed_objects(cls) -> Any:
        """Only the words of files that everybody may open are in the index."""
        from sessions.courseware.shelf import open_files  # noqa: PLC0415 -- reads import models

        open_to_all = open_files().order_by().values("document")
        return super().get_indexed_objects().filter(document__in=open_to_all)


class FilePreview(models.Model):
    """A picture of a file: 0 is the 16:9 one of lists, then its first pages. It lies among the private files."""

    LAST = 3

    document = models.ForeignKey(DOCUMENT, on_delete=models.CASCADE, related_name="previews")
    number = models.PositiveSmallIntegerField()
    image = models.FileField(storage=private_storage, upload_to=PrivateName("courseware"))
    width = models.PositiveSmallIntegerField()  # px
    height = models.PositiveSmallIntegerField()

    quiet = True
    wagtail_reference_index_ignore = True  # nothing refers to a document by counting it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_preview_of_a_page"),
            models.CheckConstraint(condition=Q(number__lte=3), name="previews_of_the_first_pages"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class DownloadCount(models.Model):
    """How often a file was taken from a courseware's page: a number, never who."""

    page = models.ForeignKey(CoursewarePage, on_delete=models.CASCADE, related_name="download_counts")
    document = models.ForeignKey(DOCUMENT, on_delete=models.CASCADE, related_name="+")
    downloads = models.PositiveIntegerField(default=0)

    quiet = True
    wagtail_reference_index_ignore = True  # nothing refers to a document by counting it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "document"], name="one_count_of_a_file")]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.document_id}: {self.downloads}"
