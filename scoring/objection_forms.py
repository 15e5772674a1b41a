"""What is read of an objection, of its answer, and of the withdrawal of a publicity."""

from typing import Any

from django import forms

from portal.uploads import PICTURES, Upload, UploadRefused, take
from scoring.models import Objection, Year
from scoring.operations.objections import LONGEST
from scoring.operations.year import LONGEST_REASON
from scoring.sheets import rules_of

EVIDENCE = frozenset({*PICTURES, "pdf"})
MAX_FILE = 10 * 1024 * 1024


class ObjectionForm(forms.Form):
    """What a representative has against the own sheet."""

    item = forms.ChoiceField(label="涉及哪一项", required=False)
    text = forms.CharField(
        label="异议",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="哪一处不对，应当是怎样，有什么依据。",
        error_messages={
            "required": "请写明对哪里有异议。",
            "max_length": f"最多 {LONGEST} 个字，请精简，或者分成几条提出。",
        },
    )
    file = forms.FileField(
        label="佐证",
        required=False,
        help_text="一张照片或一个 PDF，不超过 10 MB；只有您和工作人员能看到。",
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.pdf"}),
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )

    def __init__(self, year: Year, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (category.name, [(f"{category.name} · {item.name}"[:120], item.name) for item in category.items])
            for category in rules_of(year.standard).categories
        ]
        self.fields["item"].choices = [("", "整份成绩单"), *groups]  # type: ignore[attr-defined]

    def clean_file(self) -> Upload | None:
        """Return the file as it may be kept (THREATS 8 to 11)."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        try:
            return take(file, allowed=EVIDENCE, at_most=MAX_FILE)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class AnswerForm(forms.Form):
    """What the office says to an objection."""

    outcome = forms.ChoiceField(
        label="结果",
        choices=[(each.value, each.label) for each in Objection.Outcome if each != Objection.Outcome.OPEN],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择采纳或不采纳。"},
    )
    answer = forms.CharField(
        label="答复",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="采纳的，写明怎样处理；不采纳的，写明理由。代表本人会看到。",
        error_messages={
            "required": "请写明怎样处理，或者不采纳的理由。",
            "max_length": f"最多 {LONGEST} 个字，请精简。",
        },
    )


class ObjectionChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One objection, named by number, person and how it stands."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the words of one choice."""
        return f"第 {obj.pk} 号（{obj.mandate.representative.name}，{obj.get_outcome_display()}）"


class WithdrawForm(forms.Form):
    """Why a publicity is taken back."""

    objection = ObjectionChoiceField(
        Objection.objects.none(), label="起因的异议", required=False, empty_label="不是由异议引起"
    )
    reason = forms.CharField(
        label="撤回的原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="要更正什么，退回哪个区域。各区域的审核员都会看到，请不要写代表个人的情况。",
        error_messages={
            "required": "请写明撤回公示的原因。",
            "max_length": f"最多 {LONGEST_REASON} 个字，请精简。",
        },
    )

    def __init__(self, year: Year, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["objection"]
        assert isinstance(field, ObjectionChoiceField)
        valid = Objection.objects.filter(year=year).exclude(outcome=Objection.Outcome.DECLINED)
        field.queryset = valid.select_related("year", "mandate__representative").order_by("filed_at")
