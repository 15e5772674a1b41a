"""Forms of an activity's list: people by group, place, area and tag, or by pasted names; whom to take off."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.models import User
from sessions.forms import branch, groups_of
from sessions.lists.names import MOST_LINES, NameLine, digest_of, read_names
from sessions.models import Activity, Enrolment, ListSource
from sessions.permissions import PLANS
from stations.models import Area, DeputyGroup, MandateTag, Station
from stations.permissions import granted_areas, within


class EnrolForm(forms.Form):
    """People for an activity's list, chosen by group, station, area or tag; all choices add up."""

    groups = forms.ModelMultipleChoiceField(
        label="代表小组",
        queryset=DeputyGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    stations = forms.ModelMultipleChoiceField(
        label="联络站的驻站代表",
        queryset=Station.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    points = forms.ModelMultipleChoiceField(
        label="产业联络点的代表",
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
        stations = Station.objects.filter(within(granted_areas(user, PLANS)))
        codes = MandateTag.objects.order_by("code").values_list("code", flat=True).distinct()
        self.fields["groups"].queryset = groups_of(user)  # type: ignore[attr-defined]
        self.fields["stations"].queryset = stations.liaison().order_by("area__path", "name")  # type: ignore[attr-defined]
        self.fields["points"].queryset = stations.industry().order_by("area__path", "name")  # type: ignore[attr-defined]
        self.fields["area"].queryset = Area.objects.filter(branch(user)).order_by("path")  # type: ignore[attr-defined]
        tags = [(code, MandateTag.WORDS.get(code, code)) for code in codes]
        self.fields["tag"].choices = [("", "不限"), *tags]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one choice, and for an area when a tag narrows it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tag") and not cleaned.get("area"):
            self.add_error("area", "按标签列名单时，请先选择区域。")
        elif not any(cleaned.get(name) for name in ("groups", "stations", "points", "area")):
            raise forms.ValidationError("请至少选择一个小组、一个站点或一个区域。")
        return cleaned

    def sources(self) -> list[ListSource]:
        """Return what was chosen, each with the basis and the role of the form."""
        chosen = self.cleaned_data
        how = {"basis": chosen["basis"], "role": chosen["role"]}
        found = [ListSource(group=group, **how) for group in chosen["groups"]]
        found += [ListSource(station=place, **how) for place in (*chosen["stations"], *chosen["points"])]
        if chosen["area"]:
            found.append(ListSource(area=chosen["area"], tag=chosen["tag"], **how))
        return found


class NamesForm(forms.Form):
    """A pasted list; `seen` marks the people a preview has shown."""

    text = forms.CharField(
        label="名单",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行一位，写姓名；有同名的，在姓名后面空一格写单位。可以直接从表格里复制。",
    )
    basis = forms.ChoiceField(label="依据", choices=Enrolment.Basis.choices)
    role = forms.ChoiceField(label="身份", choices=Enrolment.Role.choices)
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.activity = user, activity
        self.lines: list[NameLine] = []

    def clean_text(self) -> str:
        """Read the lines; raise ValidationError when there are none or too many."""
        text = str(self.cleaned_data["text"])
        if text.count("\n") >= MOST_LINES:
            raise forms.ValidationError(f"一次最多 {MOST_LINES} 行，请分几次列入。")
        day = timezone.localdate(self.activity.starts_at)
        self.lines = read_names(text, day=day, areas=granted_areas(self.user, PLANS))
        if not self.lines:
            raise forms.ValidationError("名单是空的，请把姓名粘贴进来。")
        return text

    @property
    def digest(self) -> str:
        """The mark of whom the lines mean."""
        return digest_of(self.lines)

    @property
    def problems(self) -> list[NameLine]:
        """Lines that mean nobody, or somebody twice."""
        return [line for line in self.lines if line.problem]

    @property
    def settled(self) -> bool:
        """Whether every line means one person, and these are the people the preview showed."""
        return not self.problems and self.cleaned_data.get("seen") == self.digest


class TickedForm(forms.Form):
    """The people ticked on one page of the list, or of those who were taken off it (`off`)."""

    people = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, activity: Activity, off: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, withdrawn = self.fields["people"], Enrolment.State.WITHDRAWN
        taken_off = activity.enrolments.filter(state=withdrawn, taken_off_at__isnull=False)
        rows = taken_off if off else activity.enrolments.exclude(state=withdrawn)
        people.choices = [(pk, pk) for pk in rows.values_list("representative_id", flat=True)]  # type: ignore[attr-defined]
        people.error_messages |= {
            "required": f"请先勾选要{'放回' if off else '移出'}名单的代表。",
            "invalid_choice": "名单刚有变化，勾选的代表已经不在这里，请看过再勾选。",
        }


class ListSearchForm(forms.Form):
    """What the list shows: words of a name, a basis."""

    q = forms.CharField(label="姓名", max_length=40, required=False)
    basis = forms.ChoiceField(
        label="依据", choices=[("", "全部"), *Enrolment.Basis.choices, ("off", "已不在名单")], required=False
    )
