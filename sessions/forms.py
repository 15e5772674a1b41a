"""Forms of the staff who plan: an activity, a new session, a list of people, calling off."""

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.widgets import AdminDateTimeInput

from portal.models import User
from sessions.models import Activity, Enrolment, ListSource, Series, SharingSessionPage
from sessions.permissions import PLANS
from stations.models import Area, DeputyGroup, Station
from stations.permissions import granted_areas, within

WHEN_AND_WHERE = (
    "theme", "area", "station", "place", "starts_at", "ends_at", "mode", "online_url", "units", "capacity", "series",
)  # fmt: skip
SESSION_KINDS = (
    Activity.Kind.SHARING,
    Activity.Kind.BRIGHT_IDEAS,
    Activity.Kind.LECTURE,
    Activity.Kind.SEMINAR,
    Activity.Kind.FIELD_VISIT,
    Activity.Kind.TOUR,
)


def branch(user: User) -> Q:
    """Return the condition on areas themselves: the branches in which `user` plans."""
    condition = Q(pk__in=[])
    for root in granted_areas(user, PLANS):
        condition |= Q(path__startswith=root.path)
    return condition


class ScopedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose places are those of the user's areas: another area's row is no valid choice."""

    mode = forms.ChoiceField(label="参加方式", choices=Activity.Mode.choices, required=False)
    online_url = forms.URLField(
        label="线上会议地址",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="从前一天起，只给名单上的代表看。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        roots = granted_areas(user, PLANS)
        self.fields["area"].queryset = Area.objects.filter(branch(user)).order_by("path")  # type: ignore[attr-defined]
        self.fields["station"].queryset = Station.objects.filter(within(roots)).order_by("area__path", "name")  # type: ignore[attr-defined]
        self.fields["theme"].help_text = "如 工作感悟、创业故事、视察调研、联系群众、撰写建议。"
        self.fields["place"].help_text = "不填时用站点的名称。"

    class Meta:
        model = Activity
        fields: tuple[str, ...] = WHEN_AND_WHERE
        widgets = {"starts_at": AdminDateTimeInput, "ends_at": AdminDateTimeInput}

    def clean(self) -> dict[str, Any]:
        """Say beside the field that the end must follow the start."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "结束时间要晚于开始时间。")
        if (station := cleaned.get("station")) and not cleaned.get("place"):
            cleaned["place"] = station.name
        return cleaned

    def clean_mode(self) -> str:
        """Take what stands for an answer that was not given."""
        return str(self.cleaned_data["mode"] or self.instance.mode)

    def clean_online_url(self) -> str:
        """Take only an address that is fetched safely."""
        address = str(self.cleaned_data["online_url"])
        if address and not address.startswith("https://"):
            raise forms.ValidationError("会议地址要以 https:// 开头。")
        return address

    def facts(self) -> dict[str, Any]:
        """Return what was entered, by the names of the model's fields."""
        names = self._meta.fields or ()
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ActivityForm(ScopedForm):
    """A new activity."""

    class Meta(ScopedForm.Meta):
        fields = ("kind", "title", *WHEN_AND_WHERE, "tour", "stop_number")


class ActivityChangeForm(ScopedForm):
    """An existing activity, with the minutes of checking in."""

    class Meta(ScopedForm.Meta):
        fields = (
            *ActivityForm.Meta.fields,
            "early_minutes",
            "grace_minutes",
            "late_minutes",
            "check_out_required",
            "check_out_minutes",
        )
        help_texts = {
            "check_out_required": "收册时没有签退的，记为早退。",
            "check_out_minutes": "早于这个时间离开的，记为早退。只在要求签退时使用。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.state != Activity.State.DRAFT:  # 改期 moves them: it says first who is told
            del self.fields["starts_at"], self.fields["ends_at"]

    def clean(self) -> dict[str, Any]:
        """Say beside the field that the late limit must not come before the grace ends."""
        cleaned = super().clean()
        grace, late = cleaned.get("grace_minutes"), cleaned.get("late_minutes")
        if grace is not None and late is not None and late < grace:
            self.add_error("late_minutes", "迟到截止不能早于宽限。")
        return cleaned


class NewSessionForm(ScopedForm):
    """A sharing session in one form: activity, draft page, obliged groups."""

    number = forms.IntegerField(label="期数", required=False, min_value=1, max_value=9999)
    format = forms.ChoiceField(label="形式", choices=SharingSessionPage.Format.choices)
    groups = forms.ModelMultipleChoiceField(
        label="应到的代表小组",
        queryset=DeputyGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="按活动当天的小组成员列入应到名单，发布前还可以调整。",
    )

    class Meta(ScopedForm.Meta):
        fields = ("title", "kind", *WHEN_AND_WHERE)

    field_order = ("title", "number", "kind", "theme", "format", "starts_at", "ends_at", "area", "station")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in SESSION_KINDS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["groups"].queryset = groups_of(self.user)  # type: ignore[attr-defined]

    def clean_number(self) -> int | None:
        """Refuse a number that another session has, drafts included."""
        number: int | None = self.cleaned_data["number"]
        if number and SharingSessionPage.objects.filter(number=number).exists():
            raise forms.ValidationError(f"第 {number} 期已经有了，请换一个期数。")
        return number

    def sources(self) -> list[ListSource]:
        """Return the chosen groups, whose members on the day are obliged."""
        return [
            ListSource(basis=Enrolment.Basis.OBLIGED, group=group) for group in self.cleaned_data["groups"]
        ]


def groups_of(user: User) -> Any:
    """Return the groups of the areas in which `user` plans, those of the latest term first."""
    groups = DeputyGroup.objects.filter(within(granted_areas(user, PLANS)))
    return groups.order_by("-term__number", "area__path", "name")


class StopForm(ScopedForm):
    """A new stop of a tour; its kind and number follow from the tour."""

    class Meta(ScopedForm.Meta):
        fields = ("title", *(name for name in WHEN_AND_WHERE if name != "series"))


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The words of a series."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    class Meta:
        model = Series
        fields = ("title", "theme", "summary")
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}

    def facts(self) -> dict[str, Any]:
        """Return what was entered."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
