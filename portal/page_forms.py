"""The form of a page in the admin: what is refused, in sentences, whatever sort of page it is."""

from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm

LONGEST_TITLE = 200  # characters
NO_WORDS = "请写替代文字：画面里有什么，一句话，给看不见图片的读者。"


class ContentForm(WagtailAdminPageForm):
    """A page is not published with a picture that says nothing to who cannot see it; a draft may wait for its words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "date" in self.fields:
            self.initial["date"] = self.initial.get("date") or timezone.localdate()

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
