"""What is read of a supplement: the decision, and a row for each adjustment; people are typed by name."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from portal.uploads import PICTURES, Upload, UploadRefused, take
from scoring.eligibility import missed
from scoring.models import FrozenSheet, Year
from scoring.models.supplements import ON_LIST
from scoring.operations.supplements import BY_SCORE, MOST, Adjustment, Change
from scoring.people import NAMED
from scoring.sheets import rules_of

TAKEN = frozenset({*PICTURES, "pdf", "docx"})
MAX_FILE = 20 * 1024 * 1024
ROWS, MOST_ROWS = 5, 60
REQUIRED = {"required": "请填写。"}


class SupplementForm(forms.Form):
    """The decision of the council of chairpersons."""

    meeting = forms.CharField(
        label="会议名称",
        max_length=80,
        help_text="例如：人大常委会第 47 次主任会议。",
        error_messages=REQUIRED,
    )
    reference = forms.CharField(
        label="文号", max_length=60, help_text="决定或会议纪要的编号。", error_messages=REQUIRED
    )
    decided_on = forms.DateField(
        label="决定日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={**REQUIRED, "invalid": "没有读懂日期，请写成 2026-11-20 这样。"},
    )

    def __init__(self, year: Year, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["decided_on"].help_text = f"在 {year.decided_on:%Y-%m-%d} 确认以后。"

    def clean_decided_on(self) -> date:
        """Refuse a day before the confirmation, or to come."""
        day: date = self.cleaned_data["decided_on"]
        first = self.year.decided_on
        if not (first and first <= day <= timezone.localdate()):
            raise forms.ValidationError(f"决定日期要在 {first:%Y-%m-%d} 确认以后，也不能晚于今天。")
        return day


class AdjustmentForm(forms.Form):
    """One adjustment of one person; a row without any entry is passed over."""

    name = forms.CharField(label="代表", max_length=60, error_messages=REQUIRED)
    item = forms.ChoiceField(
        label="小项", error_messages={**REQUIRED, "invalid_choice": "请从标准里选小项。"}
    )
    points = forms.DecimalField(
        label="加减分",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),  # what is no number is said in our words
        max_digits=5,
        decimal_places=2,
        min_value=-MOST,
        max_value=MOST,
        error_messages={
            **REQUIRED,
            "invalid": "请填数字，扣分写负数。",
            "max_decimal_places": "最多两位小数。",
        },
    )
    reason = forms.CharField(label="理由", max_length=200, error_messages=REQUIRED)
    record = forms.CharField(label="依据的记录", max_length=120, required=False)
    band = forms.ChoiceField(label="等次", required=False)

    def __init__(self, *args: Any, year: Year, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = rules_of(year.standard)
        items = [
            (category.name, [(item.code, item.name) for item in category.items])
            for category in rules.categories
        ]
        first = [("", "请选择"), (ON_LIST, "补充列入名单（不写加减分）")]
        self.fields["item"].choices = [*first, *items]  # type: ignore[attr-defined]
        vetoes = [(band.name, f"一票否决：{band.name}") for band in rules.bands[1:]]
        self.fields["band"].choices = [  # type: ignore[attr-defined]
            ("", "按得分评定"),
            (BY_SCORE, "不再一票否决，按得分评定"),
            *vetoes,
        ]

        # Who is put on the list has the points of the records.
        self.fields["points"].required = self["item"].value() != ON_LIST

    def clean(self) -> dict[str, Any]:
        """Refuse points beside the row that puts a person on the list."""
        given = self.cleaned_data
        if given.get("item") == ON_LIST and given.get("points"):
            self.add_error("points", "列入名单的得分按记录算出，这一行不写加减分。")
        return given | {"points": given.get("points") or Decimal(0)}


class AdjustmentRows(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """All rows of a supplement; `changes` is what they come to, by person."""

    changes: list[Change]

    def __init__(self, *args: Any, year: Year, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"form_kwargs": {"year": year}})
        self.year = year

    def clean(self) -> None:
        """Find the people among the confirmed sheets and those left out (2 queries); a row of an unknown name says so."""
        self.changes = []
        rows = [form for form in self.forms if form.has_changed()]
        if not rows:
            raise forms.ValidationError("请至少填写一行：哪位代表的哪一小项，加减多少分，什么理由。")
        known = self._people([form.cleaned_data.get("name", "") for form in rows])
        told: dict[int, list[Adjustment]] = defaultdict(list)
        bands: dict[int, str] = {}
        for form in rows:
            mandate = self._one(form, known)
            if mandate is None or form.errors:
                continue
            given = form.cleaned_data
            told[mandate].append(Adjustment(given["item"], given["points"], given["reason"], given["record"]))
            if bands.setdefault(mandate, given["band"]) != given["band"]:
                form.add_error("band", "同一位代表的各行，等次要选一样的。")
        self.changes = [Change(pk, tuple(each), bands[pk]) for pk, each in told.items()]

    def _people(self, names: list[str]) -> dict[str, list[tuple[int, str]]]:
        wanted = {match["name"].strip() for name in names if (match := NAMED.match(name.strip()))}
        sheets = FrozenSheet.objects.filter(year=self.year, mandate__representative__name__in=wanted)
        confirmed = sheets.order_by("mandate_id").values_list(
            "mandate_id", "mandate__representative__name", "mandate__area__name"
        )
        left_out = missed(self.year).filter(representative__name__in=wanted).order_by("pk")
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pk, name, area in (
            *confirmed,
            *left_out.values_list("pk", "representative__name", "area__name"),
        ):
            found[name].append((pk, area))
        return found

    def _one(self, form: forms.Form, known: dict[str, list[tuple[int, str]]]) -> int | None:
        match = NAMED.match(form.cleaned_data.get("name", "").strip())
        if match is None:
            return None
        name, area = match["name"].strip(), (match["area"] or "").strip()
        fitting = [pk for pk, home in known.get(name, ()) if area in {"", home}]
        if len(fitting) == 1:
            return fitting[0]
        areas = "、".join(f"{name}（{home}）" for _, home in known.get(name, ()))
        form.add_error(
            "name",
            f"有 {len(fitting)} 位，请写明区域：{areas}。"
            if fitting
            else f"{self.year}确认的名单里没有“{name}”，应当评定而漏掉的代表里也没有。",
        )
        return None


def rows_form(extra: int = ROWS) -> Any:
    """Return the class of the rows, `extra` empty ones of them."""
    return forms.formset_factory(
        AdjustmentForm,
        formset=AdjustmentRows,
        extra=extra,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


class SureForm(forms.Form):
    """What the preview asks for before it is recorded."""

    sure = forms.BooleanField(
        label="已逐项核对，登记以后不能再改", error_messages={"required": "请逐项核对，勾选确认以后再登记。"}
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    document = forms.FileField(
        label="决定文件",
        required=False,
        help_text="PDF、Word 或照片，不超过 20 MB；只有工作人员能看到。",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,image/*,.heic"}),
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )

    def clean_document(self) -> Upload | None:
        """Return the file as it may be kept (THREATS 8 to 11)."""
        file = self.cleaned_data["document"]
        if not file:
            return None
        try:
            return take(file, allowed=TAKEN, at_most=MAX_FILE)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


def hidden(form: forms.Form, rows: Any) -> Iterator[Any]:
    """Yield every field of a supplement as hidden ones, so that the preview sends all that was typed once more."""
    yield from (field.as_hidden() for field in form)
    yield rows.management_form
    yield from (field.as_hidden() for row in rows for field in row)
