"""Forms of meetings: the meeting, one sitting, a list to read in, applying it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from portal.models import User
from sessions.declarations.days import span_of
from sessions.meetings.headings import LONGEST, Part
from sessions.models import Meeting
from stations.models import Area
from stations.permissions import READS_ROLLS, granted_areas

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NO_DAY = {"required": "请选择日期。", "invalid": "没有读懂日期，请写成 2026-03-02 这样。"}
UNITS: dict[str, Any] = {
    "min_value": Decimal(0),
    "max_value": Decimal(20),
    "decimal_places": 2,
    "max_digits": 5,
}


class MeetingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a meeting is and on which days."""

    starts_on = forms.DateField(label="开始", widget=DAY, error_messages=NO_DAY)
    ends_on = forms.DateField(label="结束", widget=DAY, error_messages=NO_DAY)
    units = forms.DecimalField(
        label="每次计几个半天", initial=1, help_text="一个上午或下午计 1；积分按这个数计算。", **UNITS
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.none()
        for root in granted_areas(user, READS_ROLLS):
            areas |= Area.objects.filter(path__startswith=root.path)
        self.fields["area"].queryset = areas.order_by("path")  # type: ignore[attr-defined]
        self.fields["area"].help_text = "这个区域里有任期的代表都在应到名单。"
        self.fields["name"].help_text = "如“第九届第五次会议”。同一届里不能重名。"
        self.fields["term"].queryset = self.fields["term"].queryset.order_by("-number")  # type: ignore[attr-defined]

    class Meta:
        model = Meeting
        fields = ("kind", "name", "term", "area", "starts_on", "ends_on", "units", "place")
        error_messages = {
            "name": {"required": "请写明会议的名称。"},
            "term": {"required": "请选择届。"},
            "area": {"required": "请选择区域。"},
        }

    def _post_clean(self) -> None:
        """Leave names and days to the operation, which says what to do, and the stored row as it is."""

    def facts(self) -> dict[str, Any]:
        """Return what was entered, by the names of the model's fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SittingForm(forms.Form):
    """One sitting: its half-day and what it is called."""

    day = forms.DateField(label="日期", widget=DAY, error_messages=NO_DAY)
    part = forms.ChoiceField(
        label="时段",
        choices=[(part.value, part.label) for part in Part],
        error_messages={"required": "请选择时段。"},
    )
    title = forms.CharField(
        label="名称",
        max_length=LONGEST,
        strip=True,
        help_text="如“第一次全体会议”。",
        error_messages={"required": "请写明名称，如“预备会议”。"},
    )
    units = forms.DecimalField(label="计几个半天", required=False, **UNITS)

    def span(self) -> tuple[datetime, datetime]:
        """Return the times that stand for the half-day."""
        return span_of(self.cleaned_data["day"], self.cleaned_data["part"])


class MeetingListForm(forms.Form):
    """The file of a list."""

    file = forms.FileField(
        label="填好的表格",
        help_text="Excel（.xlsx），不超过 2 MB、3000 行。",
        error_messages={"required": "请先选择文件。", "empty": "这份文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class MeetingApplyForm(forms.Form):
    """What was looked at, whether the absences nobody wrote down were seen, the reason of changes."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=120, required=False, strip=True)
