"""Forms of declarations: what the representative tells, what the reviewer finds."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from sessions.models import DEED_KINDS, Attendance, Declaration
from sessions.operations import Deed

TEXT = forms.Textarea(attrs={"rows": 5})
MOST_AT_ONCE = 100
CAME = [(s.value, s.label) for s in Attendance.CAME]


class AttendanceForm(forms.Form):
    """Of an activity one was listed for, only what one did there is asked."""

    text = forms.CharField(
        label="经过", max_length=1000, required=False, strip=True, widget=TEXT,
        help_text="写一两句：怎么参加的、和谁一起。没有照片时，这几句就是依据。",
    )  # fmt: skip

    def __init__(self, *args: Any, moment: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moment = moment

    def forgive_gaps(self) -> None:
        """Keep only errors about what was typed: who saves for later need not have filled everything."""
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == "required" for error in errors):
                del self.errors[name]

    def deed(self) -> Deed | None:
        """Nothing of a deed."""
        return None


class DeedForm(AttendanceForm):
    """What, when and where of a deed of one's own."""

    deed_kind = forms.ChoiceField(
        label="类别",
        choices=[(k.value, k.label) for k in DEED_KINDS],
        error_messages={"required": "请选择类别。"},
    )
    title = forms.CharField(
        label="做了什么",
        max_length=80,
        strip=True,
        help_text="一句话，例如：走访三户困难家庭。",
        error_messages={"required": "请用一句话写明做了什么。"},
    )
    happened_on = forms.DateField(
        label="哪一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "没有读懂日期，请写成 2026-11-20 这样。"},
    )
    part = forms.ChoiceField(
        label="什么时段",
        choices=[("", "请选择"), *Declaration.Part.choices],
        error_messages={"required": "请选择上午、下午、晚上或全天。"},
    )
    place = forms.CharField(label="在哪里", max_length=80, required=False, strip=True)
    field_order = ("deed_kind", "title", "happened_on", "part", "place", "text")

    def clean_happened_on(self) -> Any:
        """Refuse a day to come while the person still looks at the field."""
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate(self.moment):
            raise forms.ValidationError("这一天还没有到，请核对日期。")
        return day

    def deed(self) -> Deed:
        """Return what could be read; what could not is empty."""
        told = {name: self.cleaned_data.get(name) for name in ("deed_kind", "title", "part", "place")}
        known = {name: value or "" for name, value in told.items()}
        return Deed(happened_on=self.cleaned_data.get("happened_on"), **known)


class QueueForm(forms.Form):
    """What the queue shows."""

    state = forms.CharField(max_length=10, required=False)
    kind = forms.CharField(max_length=20, required=False)
    q = forms.CharField(max_length=40, required=False, strip=True)

    @property
    def wanted(self) -> dict[str, str]:
        """The words, empty where what was asked makes no sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("state", "kind", "q")}


class ConfirmDeclarationForm(forms.Form):
    """How a reviewer wants a declaration to count; `into` is "" for a deed of its own, else an activity's number."""

    seen = forms.IntegerField(min_value=1, max_value=30_000, widget=forms.HiddenInput)
    status = forms.ChoiceField(label="记为", choices=CAME, required=False)
    units = forms.DecimalField(
        label="计量", required=False, min_value=Decimal("0.5"), max_value=4, max_digits=3, decimal_places=1
    )
    into = forms.IntegerField(min_value=1, required=False)
    anew = forms.BooleanField(required=False)
    correct = forms.BooleanField(required=False)
    note = forms.CharField(label="审核意见", max_length=150, required=False, strip=True)


class ReturnDeclarationForm(forms.Form):
    """Why a declaration goes back."""

    seen = forms.IntegerField(min_value=1, max_value=30_000, widget=forms.HiddenInput)
    reason = forms.CharField(label="退回原因", max_length=300, required=False, strip=True)


class VersionsField(forms.Field):
    """Ticked rows as `number.version`, each as it was seen; what is neither is passed over."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> dict[int, int]:
        """Return {number: version}; raise ValidationError when nothing is ticked."""
        ticked = [re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,5})", each) for each in value or []]
        chosen = {int(found[1]): int(found[2]) for found in ticked if found}
        if not 0 < len(chosen) <= MOST_AT_ONCE:
            raise forms.ValidationError("请先勾选要通过的申报。")
        return chosen


class ChosenForm(forms.Form):
    """What is to be confirmed together."""

    chosen = VersionsField()
