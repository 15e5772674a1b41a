"""Forms of an activity's life: moving, calling off, copying, a whole series, when people are reminded."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from portal.models import User
from sessions.models import Activity, SharingSessionPage
from sessions.operations.copying import MOST
from sessions.permissions import planned_by
from sessions.recurrence import Proposed, same_day, same_weekday

STAMP = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s+(\d{1,2}):(\d{2})(?:\s.*)?")


class TimesForm(forms.Form):
    """A start and an end."""

    starts_at = forms.DateTimeField(label="开始", widget=AdminDateTimeInput)
    ends_at = forms.DateTimeField(label="结束", widget=AdminDateTimeInput)

    def clean(self) -> dict[str, Any]:
        """Say beside the field that the end must follow the start."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "结束时间要晚于开始时间。")
        return cleaned


class MoveForm(TimesForm):
    """改期; `seen` is the start that the planner had before their eyes."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime:
        """Return the moment; what is none counts as another start, which the operation refuses in words."""
        try:
            return datetime.fromisoformat(str(self.cleaned_data["seen"]))
        except ValueError:
            return timezone.make_aware(datetime(1970, 1, 1))  # noqa: DTZ001 -- made aware around it


class CancelForm(forms.Form):
    """Calling an activity off."""

    reason = forms.CharField(
        label="取消的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="报名的代表会看到。",
    )


class CopyForm(TimesForm):
    """A copy for another time."""

    number = forms.IntegerField(
        label="期数", required=False, min_value=1, max_value=9999, help_text="可以以后再填。"
    )


class SeriesPlanForm(forms.Form):
    """Several sessions at once: first the dates are proposed, then they are looked at, then made."""

    pattern = forms.ModelChoiceField(
        label="照哪一期的样子",
        queryset=SharingSessionPage.objects.none(),
        help_text="地点、时长、议程、主讲人和名单来源照它复制，每一期以后都能单独改。",
    )
    first = forms.DateTimeField(label="第一期的开始时间", widget=AdminDateTimeInput)
    count = forms.IntegerField(label="一共几期", min_value=1, max_value=MOST, initial=12)
    rule = forms.ChoiceField(
        label="每月",
        choices=[("day", "同一日"), ("weekday", "同一个星期几（如第三个周四）")],
        widget=forms.RadioSelect,
        initial="day",
    )
    first_number = forms.IntegerField(
        label="第一期的期数",
        required=False,
        min_value=1,
        max_value=9000,
        help_text="以后各期依次加一；可以不填。",
    )
    dates = forms.CharField(
        label="各期时间",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 13}),
        help_text="一行一期，如 2026-07-16 14:30。没有避开节假日，请逐行看过，需要的直接改。留空则按上面的规则排出来。",
    )
    seen = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pattern"].queryset = patterns_of(user)  # type: ignore[attr-defined]
        self.fields["pattern"].label_from_instance = pattern_label  # type: ignore[attr-defined]
        self.starts: list[datetime] = []
        self.remarks: dict[date, str] = {}

    def clean(self) -> dict[str, Any]:
        """Read the dates that were written, or propose them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        first = timezone.localtime(cleaned["first"])
        rule = same_weekday if cleaned["rule"] == "weekday" else same_day
        proposed = rule(first.date(), cleaned["count"])
        self.remarks = {each.day: each.remark for each in proposed if each.remark}
        self.starts = self._written() if cleaned["dates"].strip() else self._at(proposed, first)
        return cleaned

    def _at(self, proposed: list[Proposed], first: datetime) -> list[datetime]:
        return [timezone.make_aware(datetime.combine(each.day, first.time())) for each in proposed]

    def _written(self) -> list[datetime]:
        starts = []
        for number, line in enumerate(self.cleaned_data["dates"].splitlines(), start=1):
            text = unicodedata.normalize("NFKC", line).strip()
            if not text:
                continue
            read = STAMP.fullmatch(text)
            try:
                starts.append(timezone.make_aware(datetime(*map(int, read.groups()))))  # type: ignore[union-attr, arg-type] # noqa: DTZ001
            except (AttributeError, ValueError):
                self.add_error(
                    "dates", f"第 {number} 行没有读懂：“{line.strip()[:30]}”。请写成 2026-07-16 14:30。"
                )
        return starts

    @property
    def as_text(self) -> str:
        """The dates as they stand in the field."""
        return "\n".join(f"{timezone.localtime(start):%Y-%m-%d %H:%M}" for start in self.starts)

    @property
    def settled(self) -> bool:
        """Whether these are the dates that the preview showed."""
        return bool(self.starts) and self.cleaned_data.get("seen", "").split() == self.as_text.split()


class RemindersForm(forms.Form):
    """When people are reminded of one activity."""

    own = forms.ChoiceField(label="提醒时间", widget=forms.RadioSelect)
    hours = forms.CharField(
        label="提前多少小时",
        required=False,
        max_length=60,
        help_text="用逗号分开，如 72, 24, 2；留空表示这一场不提醒。",
    )

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own"].choices = [("no", f"照常（{usual}）"), ("yes", "这一场另定")]  # type: ignore[attr-defined]

    def clean_hours(self) -> list[int]:
        """Return minutes; raise ValidationError for what is no number of hours."""
        words = re.split(
            r"[\s,;，；、]+", unicodedata.normalize("NFKC", str(self.cleaned_data["hours"])).strip()
        )
        try:
            return [int(timedelta(hours=float(word)).total_seconds() // 60) for word in words if word]
        except (ValueError, OverflowError):
            raise forms.ValidationError("请写数字，用逗号分开，如 72, 24, 2。") from None

    @property
    def offsets(self) -> list[int] | None:
        """Minutes before the start, or None for the installation's."""
        return self.cleaned_data["hours"] if self.cleaned_data["own"] == "yes" else None


def patterns_of(user: User) -> QuerySet[Any]:
    """Return the sessions that `user` plans, the latest first."""
    planned = planned_by(user).exclude(state=Activity.State.CANCELLED)
    pages: QuerySet[Any] = SharingSessionPage.objects.filter(activity__in=planned)
    return pages.select_related("activity").order_by("-activity__starts_at", "-pk")


def pattern_label(page: SharingSessionPage) -> str:
    """Return how a session is told from another of its name."""
    return f"{timezone.localtime(page.activity.starts_at):%Y-%m-%d} {page.title.replace('|', '')}"
