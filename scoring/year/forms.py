"""What the review console reads from its forms."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from portal.stale_forms import carry
from scoring.models import Standard, Year
from scoring.operations.year import LONGEST_REASON
from scoring.year.steps import AHEAD, AREA_STEPS, YEAR_STEPS


class NewYearForm(forms.Form):
    """The label and standard of a year to be assessed."""

    label = forms.IntegerField(label="年度", min_value=1954, max_value=9999)
    standard = forms.ModelChoiceField(
        label="积分标准", queryset=Standard.objects.adopted().order_by("code", "-version"), empty_label=None
    )

    joiners = forms.ChoiceField(
        label="年中到任或离任的代表", choices=Year.Joiners.choices, initial=Year.Joiners.FULL, required=False
    )

    def clean_joiners(self) -> str:
        return self.cleaned_data["joiners"] or str(Year.Joiners.FULL)

    def clean_label(self) -> int:
        label: int = self.cleaned_data["label"]
        if Year.objects.filter(label=label).exists():
            raise forms.ValidationError(f"{label} 年度已经建立。")
        return label


class JoinersForm(forms.Form):
    """How mandates that begin or end within the year are graded."""

    joiners = forms.ChoiceField(label="年中到任或离任的代表", choices=Year.Joiners.choices)


class ShownForm(forms.Form):
    """What representatives read of their position, and what the office asks of rolls."""

    position = forms.ChoiceField(label="代表看到的位置", choices=Year.Position.choices)
    wants_sheets = forms.BooleanField(label="名册要有签到册原件", required=False)


def joiners_form(year: Year, data: QueryDict | None = None) -> JoinersForm:
    """Return the form that starts from what the year has, and carries it."""
    form = JoinersForm(data, initial={"joiners": year.joiners})
    carry(form, f"joiners:{year.label}")
    return form


def shown_form(year: Year, data: QueryDict | None = None) -> ShownForm:
    """Return the form that starts from what the year has, and carries it."""
    form = ShownForm(data, initial={"position": year.position, "wants_sheets": year.wants_sheets})
    carry(form, f"shown:{year.label}")
    return form


class StepForm(forms.Form):
    """Which step of the whole year to take; one that is hard to take back asks for a tick."""

    step = forms.ChoiceField(choices=[(name, YEAR_STEPS[name].label) for name in AHEAD.values()])
    sure = forms.BooleanField(required=False)
    to_come = forms.IntegerField(required=False, min_value=0)  # activities that the reader was told of

    def clean(self) -> dict[str, Any]:
        """Refuse a step without its tick."""
        given = super().clean() or {}
        step = given.get("step")
        if step and YEAR_STEPS[step].sure and not given.get("sure"):
            self.add_error(
                "sure", f"还没有“{YEAR_STEPS[step].label}”：请看过下面的数字，勾选确认以后再办理。"
            )
        return given


class DecisionForm(forms.Form):
    """The decision of the council of chairpersons."""

    meeting = forms.CharField(label="会议名称", max_length=80, help_text="例如：人大常委会第 45 次主任会议。")
    number = forms.CharField(label="文号", max_length=60)
    decided_on = forms.DateField(label="确认日期", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("确认日期不能晚于今天。")
        return day


class AreasForm(forms.Form):
    """One action on the areas that are ticked, or on the one whose own button was pressed."""

    action = forms.ChoiceField(choices=[(name, step.label) for name, step in AREA_STEPS.items()])
    areas = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "还没有选中区域，请先勾选。"}
    )
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)

    def __init__(self, data: QueryDict, areas: list[int]) -> None:
        super().__init__(self._one_or_many(data))
        self.fields["areas"].choices = [(pk, pk) for pk in areas]  # type: ignore[attr-defined]

    @staticmethod
    def _one_or_many(data: QueryDict) -> QueryDict:
        """A row's own button is named `row` and says "submit-12"."""
        action, _, pk = data.get("row", "").partition("-")
        if not action:
            return data
        own = data.copy()
        own["action"] = action
        own.setlist("areas", [pk])
        return own

    @property
    def complaint(self) -> str:
        """The first thing that is missing, in words."""
        errors: list[Any] = [message for messages in self.errors.values() for message in messages]
        return str(errors[0]) if errors else ""
