"""Forms by which a representative hands in a media report or an honour."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.uploads import PICTURES, UploadRefused, take
from scoring.models import Outlet
from scoring.models.earned import Level
from scoring.operations.hand_in import Told

MAX_PHOTO = 20 * 1024 * 1024


class HandInForm(forms.Form):
    """What both ask: a title, a day, a photo, a few words."""

    title = forms.CharField(
        label="标题",
        max_length=120,
        strip=True,
        error_messages={"required": "请填写标题。", "max_length": "最多 120 个字，请精简。"},
    )
    day = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "没有读懂日期，请写成 2026-11-20 这样。"},
    )
    photo = forms.FileField(
        label="照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.heic"}),
        error_messages={"empty": "这张照片是空的，请重新选择。"},
    )
    remark = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_day(self) -> Any:
        """Refuse a day that is still to come."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("日期还没有到，请核对。")
        return day

    def clean_photo(self) -> Any:
        """Return the picture made anew, without what it says of place and phone (THREATS 8, 10)."""
        file = self.cleaned_data["photo"]
        if not file:
            return None
        try:
            return take(file, allowed=PICTURES, at_most=MAX_PHOTO)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def told(self) -> Told:
        """Return what both operations take."""
        given = self.cleaned_data
        return Told(given["title"], given["day"], given["photo"], given["remark"])


class ReportHandInForm(HandInForm):
    """A report about oneself."""

    outlet = forms.ModelChoiceField(
        Outlet.objects.none(), label="媒体", required=False, empty_label="名录里没有（请在说明里写名称）"
    )
    url = forms.URLField(
        label="网页链接",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="从手机浏览器或微信里复制；没有链接的，拍一张照片。",
        error_messages={"invalid": "这不像一个网址，请从浏览器的地址栏复制。"},
    )

    field_order = ("title", "outlet", "day", "url", "photo", "remark")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outlet = self.fields["outlet"]
        assert isinstance(outlet, forms.ModelChoiceField)
        outlet.queryset = Outlet.objects.order_by("name")
        self.fields["title"].label = "报道的标题"
        self.fields["day"].label = "刊播日期"
        self.fields["photo"].help_text = "报纸或屏幕的照片；核实以前只有您和工作人员能看到。"
        self.fields["remark"].help_text = "名录里没有的媒体写名称；同一篇里还写了别的代表，也写在这里。"

    def answers(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"told": self.told(), "outlet": self.cleaned_data["outlet"], "url": self.cleaned_data["url"]}


class HonourHandInForm(HandInForm):
    """An honour of one's own."""

    level = forms.ChoiceField(label="级别", choices=Level.choices)
    ref = forms.CharField(label="证书编号", max_length=60, required=False)

    field_order = ("title", "level", "day", "ref", "photo", "remark")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = "荣誉的名称"
        self.fields["day"].label = "授予日期"
        self.fields["photo"].help_text = "证书的照片；只有您和工作人员能看到。没有编号的必须有照片。"

    def answers(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"told": self.told(), "level": self.cleaned_data["level"], "ref": self.cleaned_data["ref"]}
