"""The form of an assessor: a figure for the whole year, one for every assessed item, and a few words."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from scoring.assessments import Asked
from scoring.models import Assessment
from scoring.models.assessments import WHOLE
from scoring.operations import AssessmentRefused, Figure

A_FIGURE = {
    "invalid": "请填数字，例如 85 或 85.5。",
    "max_decimal_places": "最多写两位小数。",
    "max_digits": "数字太大，请核对。",
    "max_whole_digits": "数字太大，请核对。",
}


class FigureField(forms.DecimalField):
    """A figure as people type it: full-width digits are digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_digits=6,
            decimal_places=2,
            error_messages=A_FIGURE,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs follow IntegerField
        """Return the number; None for nothing."""
        return super().to_python(unicodedata.normalize("NFKC", str(value or "")).strip())


class AssessmentForm(forms.Form):
    """What one assessor says; a field left empty leaves what was said before."""

    award = FigureField(label="全年评分")
    note = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="做得好的、不够的，各写一两句。",
    )

    def __init__(
        self, *args: Any, asked: Iterable[Asked], given: Iterable[Assessment], **kwargs: Any
    ) -> None:
        self.asked = list(asked)
        known = {row.item: row for row in given}
        initial: dict[str, Any] = (
            {"award": known[WHOLE].award, "note": known[WHOLE].note} if WHOLE in known else {}
        )
        for each in self.asked:
            if each.code in known:
                initial |= {_award(each): known[each.code].award, _rate(each): known[each.code].rate}
        super().__init__(*args, **kwargs | {"initial": initial})
        for each in self.asked:
            self.fields[_award(each)] = FigureField(label=each.item.name, help_text=each.bounds)
            if each.by_rate:
                self.fields[_rate(each)] = FigureField(label=f"{each.item.name}：比率（%）")

    def clean(self) -> dict[str, Any]:
        """Ask for something; words alone need a figure to stand beside."""
        answers = super().clean() or {}
        if not self.errors and all(answers.get(name) is None for name in self.fields if name != "note"):
            self.add_error("award", "请至少填一个评分。")
        elif answers.get("note") and answers.get("award") is None and "award" not in self.errors:
            self.add_error("award", "写了说明，请把全年评分也填上。")
        return answers

    def figures(self) -> list[Figure]:
        """Return what was given."""
        answers = self.cleaned_data
        given = [
            Figure(each.code, answers[_award(each)], answers.get(_rate(each)))
            for each in self.asked
            if answers[_award(each)] is not None
        ]
        if answers["award"] is not None:
            given.append(Figure(WHOLE, answers["award"], note=answers["note"]))
        return given

    def refuse(self, why: AssessmentRefused) -> None:
        """Say why nothing was written, beside the field it is about."""
        place = next((_award(each) for each in self.asked if each.code == why.item), None)
        self.add_error(place, str(why))


def _award(asked: Asked) -> str:
    return f"award-{asked.code}"


def _rate(asked: Asked) -> str:
    return f"rate-{asked.code}"
