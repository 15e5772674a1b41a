"""Forms of leave: asking for it, deciding on one or several; the rules are the operations'."""

from typing import Any

from django import forms

from sessions.models import LeaveRequest
from sessions.voices_forms import Words


class LeaveForm(forms.Form):
    """Asking for leave: one of five reasons, and a few words that few people read."""

    category = forms.ChoiceField(
        label="事由",
        choices=LeaveRequest.Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种事由。"},
    )
    detail = Words(
        rows=4,
        label="说明",
        required=False,
        max_length=300,
        strip=True,
        help_text="300 字以内。只有批假的人、代表工作委员会和您本人看得到。请不要填写身份证号、病历等。",
        error_messages={"max_length": "说明不超过 300 字，请精简一些。"},
    )


class DecisionForm(forms.Form):
    """A decision: yes or no, and why."""

    decision = forms.ChoiceField(choices=[("approve", "批准"), ("refuse", "不批准")], label="决定")
    reason = forms.CharField(
        label="意见",
        required=False,
        max_length=200,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="本人和记录员会看到，请不要写病情等私事。不批准的，或活动开始以后批准的，要写明原因。",
        error_messages={"max_length": "意见不超过 200 字，请精简一些。"},
    )

    def __init__(self, *args: Any, late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if late:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "活动已经开始，请写明原因。"

    @property
    def approves(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.cleaned_data["decision"] == "approve")


class DecisionsForm(DecisionForm):
    """One decision for several requests that were ticked."""

    requests = forms.MultipleChoiceField(
        label="请假",
        choices=(),
        error_messages={
            "required": "请先勾选要处理的请假。",
            "invalid_choice": "有的请假已经不在您的列表里，请刷新后再选。",
        },
    )

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the reader may see; a key from elsewhere is no valid choice, and says nothing of what exists there.
        self.fields["requests"].choices = [(str(pk), str(pk)) for pk in among]  # type: ignore[attr-defined]
