"""The form that editors write every page with: an address left empty is filled by the server."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import SlugInput
from wagtail.models import Page

from portal.slugs import free_slug

HINT = "网址的最后一段。留空时按标题的拼音自动生成，以后改标题也不会变；需要时可以在这里改，旧网址会自动转到新网址。"
# The browser would take the Latin letters alone out of a Chinese title ("2026 年工作" → "2026"): then it takes nothing.
CHINESE = r"^.*[^\x00-\x7F].*$"


class PageForm(WagtailAdminPageForm):
    """A page's form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            field = self.fields["slug"]
            field.required = False
            field.label, field.help_text = "网址", HINT
            field.widget.attrs.update(SlugInput(formatters=[(CHINESE, "")]).attrs)

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
