"""The form that editors write every page with: what is refused, in sentences; an address left empty is filled by the server."""

from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import SlugInput
from wagtail.models import Page

from portal.slugs import free_slug

HINT = "网址的最后一段。留空时按标题的拼音自动生成，以后改标题也不会变；需要时可以在这里改，旧网址会自动转到新网址。"
# The browser would take the Latin letters alone out of a Chinese title ("2026 年工作" → "2026"): then it takes nothing.
CHINESE = r"^.*[^\x00-\x7F].*$"
LONGEST_TITLE = 200  # characters
NO_WORDS = "请写替代文字：画面里有什么，一句话，给看不见图片的读者。"


class PageForm(WagtailAdminPageForm):
    """A page is not published with a picture that says nothing to who cannot see it; a draft may wait for its words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            field = self.fields["slug"]
            field.required = False
            field.label, field.help_text = "网址", HINT
            field.widget.attrs.update(SlugInput(formatters=[(CHINESE, "")]).attrs)
        if self.instance.pk is None and "date" in self.fields:
            self.initial["date"] = self.initial.get("date") or timezone.localdate()

    def clean_slug(self) -> str:
        """Return the address typed, else the one the page has, else the title in pinyin; free among its siblings."""
        typed = str(self.cleaned_data.get("slug") or "")
        if typed.isascii() and typed:
            return typed
        if not typed and self.instance.pk and self.instance.slug:
            return str(self.instance.slug)
        title = typed or str(self.cleaned_data.get("title") or "")
        if not title:  # the form asks for the title itself
            return ""
        return free_slug(
            title, lambda slug: not Page._slug_is_available(slug, self.parent_page, self.instance)
        )

    def clean_title(self) -> str:
        """Return the title; raises for one that no page could show."""
        title: str = self.cleaned_data["title"]
        if len(title) > LONGEST_TITLE:
            self.add_error("title", f"标题最多 {LONGEST_TITLE} 个字，现在有 {len(title)} 个，请写短一些。")
        return title

    def clean(self) -> dict[str, Any]:
        """Ask for the words of each picture of the page's own; pictures in texts ask for theirs (portal.blocks)."""
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            for image, words in self.instance.described.items():
                picture = cleaned.get(image)
                if picture and not cleaned.get(words) and not picture.description:
                    self.add_error(words, NO_WORDS)
        return cleaned
