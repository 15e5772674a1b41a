"""Forms of checking in and of the roll: what was typed, cleaned; the rules are the operations'."""

import re
import unicodedata
import uuid
from typing import Any

from django import forms

from sessions.checkin.codes import DIGITS
from sessions.models import Attendance

NONCE = re.compile(r"[0-9A-Za-z-]{8,64}")


def new_nonce() -> str:
    """Return a fresh word for one attempt; the page carries it, so that a retry says the same (rule 3)."""
    return uuid.uuid4().hex


class AttemptForm(forms.Form):
    """The button 「签到」 or 「签退」: the attempt's nonce, whether a leave is to be undone, how one comes or leaves."""

    nonce = forms.CharField(widget=forms.HiddenInput, required=False)
    despite_leave = forms.BooleanField(widget=forms.HiddenInput, required=False)
    online = forms.BooleanField(widget=forms.HiddenInput, required=False)
    leaving = forms.ChoiceField(
        choices=[("", "签到"), ("out", "签退"), ("early", "现在离开，记为早退")],
        widget=forms.HiddenInput,
        required=False,
    )

    @property
    def departure(self) -> str:
        """How one leaves: "" for coming in, "out", "early"."""
        return str(self.cleaned_data.get("leaving", ""))

    def clean_nonce(self) -> str:
        """Return the nonce; a missing or odd one is replaced, so that nobody is turned away for it."""
        nonce = str(self.cleaned_data.get("nonce", ""))
        return nonce if NONCE.fullmatch(nonce) else new_nonce()


class DigitsForm(AttemptForm):
    """The six digits of the wall, however they were typed: full-width and with spaces too."""

    digits = forms.CharField(
        label="6 位签到码",
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}
        ),
        error_messages={"required": "请输入大屏上的 6 位数字。"},
    )

    def clean_digits(self) -> str:
        """Return six ASCII digits; raise ValidationError for anything else."""
        digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", self.cleaned_data["digits"]))
        if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
            raise forms.ValidationError("签到码是 6 位数字，请对照大屏再输一次。")
        return digits


class StatusForm(forms.Form):
    """One line of the roll: the status wanted, why, and the status the recorder saw."""

    representative = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=Attendance.Status.choices, label="状态")
    reason = forms.CharField(label="原因", max_length=200, required=False, strip=True)
    was = forms.CharField(max_length=10, required=False, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """The claims the recorder had before their eyes, as row numbers of people separated by commas."""

    people = forms.CharField(max_length=20_000)

    def clean_people(self) -> list[int]:
        """Return the numbers; raise ValidationError when one is none."""
        words = str(self.cleaned_data["people"]).split(",")
        if not all(re.fullmatch(r"[0-9]{1,18}", word) for word in words):
            raise forms.ValidationError("没有读懂名单，请刷新名册后再试。")
        return [int(word) for word in words]


class CloseForm(forms.Form):
    """What the page said: how many would become absent, wait for leave, were not seen leaving; and that it is early."""

    absent = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    pending = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    unseen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    early = forms.BooleanField(required=False)

    @property
    def seen(self) -> tuple[int, int, int]:
        """The three figures the recorder had before their eyes; a missing one is none."""
        return tuple(self.cleaned_data[name] or 0 for name in ("absent", "pending", "unseen"))  # type: ignore[return-value]


class SearchForm(forms.Form):
    """What the roll shows: words of a name, a status, a name to add."""

    q = forms.CharField(max_length=40, required=False, strip=True)
    only = forms.CharField(max_length=10, required=False)
    add = forms.CharField(max_length=40, required=False, strip=True)

    @property
    def wanted(self) -> dict[str, Any]:
        """The three words, empty where what was asked makes no sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "only", "add")}
