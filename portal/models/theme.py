"""站点外观: what an installation changes in the look, and the heading font cut for it. Empty means as shipped."""

from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string
from wagtail.models import Site

from portal.theme.colours import GROUPS, own
from portal.theme.emblem import HINT, EmblemRefused, look_at
from portal.theme.forms import SiteThemeForm
from portal.theme.grounds import COVER_SETS, GROUNDS, LABELS
from portal.theme.line import LineRefused, Stop, read
from portal.theme.panels import FontPanel, PreviewPanel
from portal.uploads import PrivateName


def _ground(slot: str) -> models.CharField:  # type: ignore[type-arg]
    first, *others = GROUNDS[slot].shipped
    choices = [("", f"{LABELS[first]}（默认）"), *((name, LABELS[name]) for name in others)]
    return models.CharField(f"{GROUNDS[slot].label}底纹", max_length=12, blank=True, choices=choices)


def _picture(slot: str) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        get_image_model_string(),
        verbose_name=f"{GROUNDS[slot].label}底纹（自备图片）",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


@register_setting(icon="view", order=110)
class SiteTheme(BaseSiteSetting):
    """Colours, glaze line, grounds, covers and emblem. The colours lie in one JSON: a new one is no change of schema."""

    colours = models.JSONField("颜色", default=dict, blank=True, editable=False)
    line = models.TextField(
        "釉线",
        blank=True,
        max_length=300,
        help_text="页眉下和页脚上那一条。每行一个颜色和位置，例如“#e4ebdd 25%”，从左到右 2 到 10 行。空着用默认。",
    )
    hero_ground = _ground("hero")
    hero_picture = _picture("hero")
    session_ground = _ground("session")
    session_picture = _picture("session")
    dark_picture = _picture("dark")
    moon_picture = _picture("moon")
    cover_set = models.CharField(
        "默认封面",
        max_length=12,
        blank=True,
        choices=[(key, words) for key, (words, _) in COVER_SETS.items()],
        help_text="没有封面图片的稿件用哪一组釉色。",
    )
    emblem = models.ImageField(
        "国徽图案文件",
        upload_to=PrivateName("emblem"),  # a name of its own for every file: its address may be kept for ever
        width_field="emblem_width",
        height_field="emblem_height",
        blank=True,
        help_text=HINT,
    )
    emblem_width = models.PositiveIntegerField(null=True, editable=False)
    emblem_height = models.PositiveIntegerField(null=True, editable=False)

    base_form_class = SiteThemeForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    PreviewPanel(heading="现在的样子"),
                    *(
                        MultiFieldPanel([FieldPanel(colour.field) for colour in group], title)
                        for title, group in GROUPS
                    ),
                ],
                heading="颜色",
            ),
            ObjectList(
                [
                    FieldPanel("line"),
                    *(
                        MultiFieldPanel(
                            [
                                FieldPanel(n)
                                for n in (f"{slot}_ground", f"{slot}_picture")
                                if len(GROUNDS[slot].shipped) > 1 or n.endswith("picture")
                            ],
                            GROUNDS[slot].label,
                        )
                        for slot in GROUNDS
                    ),
                    FieldPanel("cover_set"),
                ],
                heading="釉线、底纹与封面",
            ),
            ObjectList([FontPanel(heading="标题字体"), FieldPanel("emblem")], heading="标题字体与国徽"),
        ]
    )

    class Meta:
        verbose_name = "站点外观"

    @classmethod
    def for_site(cls, site: Site | None) -> "SiteTheme":
        """Return the theme of `site`; one that is not stored yet where nobody has saved any: looking writes nothing."""
        if site is None:
            raise cls.DoesNotExist("no site, no theme")
        found: SiteTheme | None = cls.base_queryset().filter(site=site).first()
        return found or cls(site=site)

    def clean(self) -> None:
        """Refuse a line that is none and an emblem that could not be shown as the law wants it."""
        super().clean()
        try:
            read(self.line)
        except LineRefused as refused:
            raise ValidationError({"line": str(refused)}) from refused
        if self.emblem and not getattr(self.emblem, "_committed", True):  # a new upload
            try:
                look_at(self.emblem.file)
            except EmblemRefused as refused:
                raise ValidationError({"emblem": str(refused)}) from refused

    @property
    def own_colours(self) -> dict[str, str]:
        """{token: #rrggbb} of what differs from the shipped theme."""
        return own(self.colours)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stops of the glaze line, none for the shipped one or a stored text that is no line."""
        try:
            return read(self.line)
        except LineRefused:
            return ()

    @property
    def cover_grounds(self) -> tuple[str, ...]:
        """The names of the shipped grounds (portal/img/glaze-*.webp) that stand in for covers."""
        return COVER_SETS.get(self.cover_set, COVER_SETS[""])[1]

    @property
    def emblem_file(self) -> str:
        """The last part of the emblem's address, "" without an emblem."""
        return PurePosixPath(self.emblem.name or "").name


class HeadingFont(models.Model):
    """The heading font as it was last cut: one row a site, written by portal/headings alone."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE)
    digest = models.CharField(max_length=16)
    previous = models.CharField(max_length=16, blank=True)  # kept on disk for pages that readers have open
    kind = models.CharField(max_length=5, choices=[("woff", "WOFF"), ("woff2", "WOFF2")])
    source = models.CharField(max_length=200)  # the family and the size of the file that it was cut from
    characters = models.TextField()  # that it holds
    wanted = (
        models.TextField()
    )  # that titles ask for; those the source lacks or that found no room are here only
    size = models.PositiveIntegerField()  # bytes
    cut_at = models.DateTimeField()

    class Meta:
        verbose_name = "标题字体"

    def __str__(self) -> str:
        return f"{self.source}：{len(self.characters)} 字"

    @property
    def file_name(self) -> str:
        """The last part of its address."""
        return f"{self.digest}.{self.kind}"
