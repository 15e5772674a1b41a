"""The file of a list of representatives, and the term it is of."""

from django import forms

from stations.models import Term


class RegisterForm(forms.Form):
    """A list to read in."""

    term = forms.ModelChoiceField(
        Term.objects.order_by("-number"),
        label="届",
        empty_label=None,
        help_text="没有写任期开始日的代表，从这一届的第一天起任。",
        error_messages={"required": "请选择届。还没有的，请先在“届”里登记。", "invalid_choice": "请选择届。"},
    )
    file = forms.FileField(
        label="填好的名册",
        help_text="Excel（.xlsx）或 CSV，不超过 2 MB、1000 行。",
        error_messages={"required": "请先选择文件。", "empty": "这份文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
