"""The form of 站点外观: one field a colour, presets, and contrasts reckoned before anything is stored."""

import re
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.models import WagtailAdminModelFormMetaclass

from portal.theme.colours import COLOURS, own, shipped
from portal.theme.contrast import complaints
from portal.theme.grounds import GROUNDS, complaint
from portal.theme.line import written
from portal.theme.operations import make_grounds
from portal.theme.palettes import PALETTES

TYPED = re.compile(r"#[0-9a-fA-F]{6}")


class ColourField(forms.CharField):
    """#rrggbb and nothing else; empty is the shipped colour."""

    def __init__(self, *, token: str, label: str) -> None:
        self.token = token
        attrs = {"placeholder": shipped()[token], "autocomplete": "off", "spellcheck": "false", "size": 9}
        super().__init__(
            label=label, required=False, help_text=f"默认 {shipped()[token]}", widget=forms.TextInput(attrs)
        )

    def clean(self, value: Any) -> str:
        """Return the colour in lower case, "" for the shipped one. Raises ValidationError for anything else."""
        typed: str = super().clean(value)
        if typed and not TYPED.fullmatch(typed):
            raise ValidationError("颜色请写成 # 加六位数字或字母 a 到 f，例如 #9c1c1f。", code="invalid")
        return typed.lower()


class _WithColours(WagtailAdminModelFormMetaclass):
    """Give the form its colour fields before Wagtail derives a form class with the panels' fields from it."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        if name == "SiteThemeForm":
            attrs |= {c.field: ColourField(token=c.token, label=c.label) for c in COLOURS.values()}
        return super().__new__(cls, name, bases, attrs)


class SiteThemeForm(WagtailAdminModelForm, metaclass=_WithColours):
    """Colours are read from and written to one JSON; `preset` is the name of the button of a ready-made palette."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        preset = PALETTES.get(data.get("preset", "")) if data else None
        if preset:
            data = data.copy()
            data.update({c.field: preset.colours.get(c.token, "") for c in COLOURS.values()})
            data["line"] = written(preset.line)
            for slot in GROUNDS:
                data[f"{slot}_picture"] = ""
                data[f"{slot}_ground"] = preset.grounds.get(slot, "")
        super().__init__(data, *args, **kwargs)
        for colour in COLOURS.values():
            if colour.field in self.fields:
                self.initial[colour.field] = self.instance.own_colours.get(colour.token, "")

    def clean(self) -> dict[str, Any]:
        """Refuse colours and pictures with which words could not be read; each complaint stands at its field."""
        cleaned: dict[str, Any] = super().clean()
        changed = own({c.token: cleaned.get(c.field, "") for c in COLOURS.values()})
        colours = shipped() | changed
        for token, sentence in complaints(colours, set(changed)).items():
            self.add_error(COLOURS[token].field, sentence)
        for slot in GROUNDS:
            self._judge_picture(slot, cleaned.get(f"{slot}_picture"), colours)
        cleaned["colours"] = changed
        return cleaned

    def _judge_picture(self, slot: str, image: Any, colours: dict[str, str]) -> None:
        if not image:
            return
        try:
            with image.file.open("rb") as file:
                words = complaint(file, slot, colours)
        except (OSError, ValueError):
            words = "这张图片打不开。请换一张图片。"
        if words:
            self.add_error(f"{slot}_picture", words)

    def save(self, commit: bool = True) -> Any:
        """Store the theme, then make what its pictures are shown as: a reader's request never does."""
        self.instance.colours = self.cleaned_data["colours"]
        theme = super().save(commit=commit)
        images = [image for slot in GROUNDS if (image := getattr(theme, f"{slot}_picture"))]
        if images:
            transaction.on_commit(partial(make_grounds, images))
        return theme
