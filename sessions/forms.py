"""Forms of the staff who plan: an activity, a new session, a list of people, calling off."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from portal.models import User
from sessions.models import Activity, Enrolment, SharingSessionPage
from sessions.permissions import PLANS
from stations.models import Area, DeputyGroup, GroupMembership, Mandate, MandateTag, RosterEntry, Station
from stations.permissions import granted_areas, within

WHEN_AND_WHERE = ("theme", "area", "station", "place", "starts_at", "ends_at", "units", "capacity")
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

    def obliged(self) -> list[Mandate]:
        """Return the members of the chosen groups on the day of the session."""
        return members_of(self.cleaned_data["groups"], timezone.localdate(self.cleaned_data["starts_at"]))


class CancelForm(forms.Form):
    """Calling an activity off."""

    reason = forms.CharField(
        label="取消的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="报名的代表会看到。",
    )


class EnrolForm(forms.Form):
    """People for an activity's list, chosen by group, station, area or tag; all choices add up."""

    groups = forms.ModelMultipleChoiceField(
        label="代表小组",
        queryset=DeputyGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    stations = forms.ModelMultipleChoiceField(
        label="驻站代表",
        queryset=Station.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    area = forms.ModelChoiceField(
        label="区域内全部代表", queryset=Area.objects.none(), required=False, help_text="含下级区域。"
    )
    tag = forms.ChoiceField(
        label="只列带这个标签的", required=False, help_text="用于缩小区域，例如只列常委会组成人员。"
    )
    basis = forms.ChoiceField(label="依据", choices=Enrolment.Basis.choices)
    role = forms.ChoiceField(label="身份", choices=Enrolment.Role.choices)

    def __init__(self, *args: Any, user: User, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = timezone.localdate(activity.starts_at)
        stations = Station.objects.filter(within(granted_areas(user, PLANS)))
        codes = MandateTag.objects.order_by("code").values_list("code", flat=True).distinct()
        self.fields["groups"].queryset = groups_of(user)  # type: ignore[attr-defined]
        self.fields["stations"].queryset = stations.order_by("area__path", "name")  # type: ignore[attr-defined]
        self.fields["area"].queryset = Area.objects.filter(branch(user)).order_by("path")  # type: ignore[attr-defined]
        self.fields["tag"].choices = [("", "不限"), *((code, code) for code in codes)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one choice, and for an area when a tag narrows it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tag") and not cleaned.get("area"):
            self.add_error("area", "按标签列名单时，请先选择区域。")
        elif not any(cleaned.get(name) for name in ("groups", "stations", "area")):
            raise forms.ValidationError("请至少选择一个小组、一个站点或一个区域。")
        return cleaned

    def mandates(self) -> list[Mandate]:
        """Return everybody chosen with a mandate on the activity's day, each once."""
        chosen = self.cleaned_data
        found = {m.pk: m for m in members_of(chosen["groups"], self.day)}
        roster = RosterEntry.objects.on(self.day).filter(station__in=chosen["stations"])
        in_force = Mandate.objects.on(self.day)
        found |= {m.pk: m for m in in_force.filter(pk__in=roster.values("mandate"))}
        if area := chosen["area"]:
            of_area = in_force.filter(area__path__startswith=area.path)
            if chosen["tag"]:
                of_area = of_area.filter(tags__code=chosen["tag"])
            found |= {m.pk: m for m in of_area}
        return list(found.values())


def groups_of(user: User) -> Any:
    """Return the groups of the areas in which `user` plans, those of the latest term first."""
    groups = DeputyGroup.objects.filter(within(granted_areas(user, PLANS)))
    return groups.order_by("-term__number", "area__path", "name")


def members_of(groups: Any, day: date) -> list[Mandate]:
    """Return the mandates that are members of `groups` on `day`."""
    memberships = GroupMembership.objects.on(day).filter(group__in=groups)
    return list(Mandate.objects.on(day).filter(pk__in=memberships.values("mandate")))
