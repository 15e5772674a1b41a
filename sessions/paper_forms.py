"""Forms of paper: a list to read in, the reason of its changes, a signed sheet with its note."""

from django import forms


class ListForm(forms.Form):
    """The file of a list."""

    file = forms.FileField(
        label="填好的表格",
        help_text="Excel（.xlsx）或 CSV，不超过 2 MB、3000 行。",
        error_messages={"required": "请先选择文件。", "empty": "这份文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ApplyForm(forms.Form):
    """The roll the recorder looked at, and the reason for changes that bring none."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(label="更改的原因", max_length=200, required=False, strip=True)


class SheetForm(forms.Form):
    """A photo or scan of the signed list."""

    file = forms.FileField(
        label="照片或扫描件",
        help_text="JPG、PNG、WebP、苹果手机照片（HEIC）或 PDF，不超过 20 MB。",
        error_messages={"required": "请先选择文件。", "empty": "这份文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.pdf"}),
    )
    pages = forms.IntegerField(
        label="页数",
        min_value=1,
        max_value=500,
        initial=1,
        error_messages={
            "min_value": "至少 1 页。",
            "max_value": "最多 500 页，请分开上传。",
            "invalid": "请填数字。",
        },
    )
    note = forms.CharField(
        label="说明", max_length=120, required=False, strip=True, help_text="如“第 1—2 页，上午场”。"
    )


class VoidForm(forms.Form):
    """Why a sheet is set aside."""

    reason = forms.CharField(
        label="作废的原因",
        max_length=200,
        strip=True,
        error_messages={"required": "作废要写明原因，例如“传错了另一场活动的照片”。"},
    )
