"""Forms of following: what was typed, cleaned; the rules are the operations'."""

import unicodedata
from typing import Any

from django import forms

from portal.follow.topics import labels_of, sections


class AddressField(forms.EmailField):
    """An e-mail address, as Chinese keyboards write it too: full width, 。 for a dot, spaces in between."""

    def __init__(self, **more: Any) -> None:
        widget = forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off"}
        )
        super().__init__(
            label="电子邮箱",
            max_length=254,
            widget=widget,
            error_messages={
                "required": "请填写电子邮箱。",
                "invalid": "电子邮箱没有写完整，应当像 name@example.org。",
                "max_length": "电子邮箱最多 254 个字符，请检查一下。",
            },
            **more,
        )

    def to_python(self, value: Any) -> str:
        """Return the address in half width, lower case, without spaces."""
        text = unicodedata.normalize("NFKC", str(value or "")).replace("。", ".")
        return str(super().to_python("".join(text.split())) or "").lower()


class FollowForm(forms.Form):
    """An address for a topic. The topic is hidden when the reader came from a page, else one of the sections."""

    address = AddressField()
    topic = forms.CharField(
        label="订阅内容", max_length=60, error_messages={"required": "请选择要订阅的内容。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = str(self["topic"].value() or "")
        self.label = labels_of([self.asked]).get(self.asked, "")
        if self.label:
            self.fields["topic"].widget = forms.HiddenInput()
        else:
            self.fields["topic"].widget = forms.Select(choices=[("", "请选择"), *sections().items()])
        self.order_fields(["topic", "address"])

    def clean_topic(self) -> str:
        """Return a topic that may be followed."""
        if not self.label:
            raise forms.ValidationError("没有找到要订阅的内容，请从列表里选择。")
        return str(self.cleaned_data["topic"])


class EraseForm(forms.Form):
    """An address whose owner asked to be forgotten."""

    address = AddressField(help_text="删除这个邮箱和它的全部订阅。日志里只留遮住的邮箱。")
