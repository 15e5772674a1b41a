"""Forms of questions and ideas: what was typed, cleaned; the rules are the operations'."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from sessions.checkin_forms import NONCE, new_nonce
from sessions.models import Activity, Idea, Question
from sessions.querysets import ActivityQuerySet
from stations.models import Representative

JOINT = 5  # names beside the author's own
SEPARATORS = re.compile(r"[、，,;；\s]+")
MOST = 200  # rows judged at one go


class Words(forms.CharField):
    """Several lines: a line break is one character, as the counter beside the field counts it."""

    def __init__(self, *, rows: int, **more: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-count": ""})
        super().__init__(widget=widget, **more)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class OnceForm(forms.Form):
    """A form that is taken once: it carries the nonce of the page."""

    nonce = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_nonce(self) -> str:
        """Return the nonce; a missing or odd one is replaced, so that nobody is turned away for it."""
        nonce = str(self.cleaned_data.get("nonce", ""))
        return nonce if NONCE.fullmatch(nonce) else new_nonce()

    def refuse(self, why: str) -> None:
        """Say above the form why it was not taken, and give it a new nonce: sent again, it is a new attempt."""
        self.add_error(None, why)
        self.data = {**self.data.dict(), "nonce": new_nonce()}  # type: ignore[attr-defined]  # a QueryDict


class QuestionForm(OnceForm):
    """A question of a representative."""

    text = Words(
        rows=4, label="您的问题", max_length=200, help_text="一次写一个问题，200 字以内。审核后在会上和网页上公开。",
        error_messages={"required": "请写下您的问题。", "max_length": "问题最多 200 字，请精简一些。"},
    )  # fmt: skip


class FloorQuestionForm(OnceForm):
    """A question asked aloud or on paper, typed by the staff."""

    guest_name = forms.CharField(
        label="提问人", max_length=40, required=False, help_text="不愿署名的，可以不填。"
    )
    text = Words(
        rows=3, label="问题", max_length=200,
        error_messages={"required": "请写下问题。", "max_length": "问题最多 200 字，请精简一些。"},
    )  # fmt: skip


class IdeaForm(OnceForm):
    """An idea of a representative, with or without a session."""

    title = forms.CharField(
        label="题目", max_length=40, strip=True, help_text="一句话说清办什么，40 字以内。",
        error_messages={"required": "请写一个题目。", "max_length": "题目最多 40 字，请精简一些。"},
    )  # fmt: skip
    text = Words(
        rows=7, label="内容", max_length=500, help_text="写明为什么办、怎么办、谁来办，500 字以内。",
        error_messages={"required": "请写下内容。", "max_length": "内容最多 500 字，请精简一些。"},
    )  # fmt: skip
    activity = forms.ModelChoiceField(
        label="在哪场活动上提出", queryset=Activity.objects.none(), required=False, empty_label="与活动无关",
        error_messages={"invalid_choice": "请在列表里选一场活动，或选“与活动无关”。"},
    )  # fmt: skip
    theme = forms.CharField(
        label="主题", max_length=30, required=False, help_text="如 联系群众、乡村振兴；选了活动的，可以不填。"
    )
    joint = forms.CharField(
        label="共同提出人",
        max_length=120,
        required=False,
        help_text="其他代表的姓名，用顿号隔开，最多 5 位。",
    )

    field_order = ("title", "text", "activity", "theme", "joint")

    def __init__(self, *args: Any, sessions: ActivityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = sessions
        field.label_from_instance = lambda a: (
            f"{timezone.localtime(a.starts_at):%m-%d} {a.title.replace('|', '')}"
        )

    def clean_joint(self) -> list[Representative]:
        """Return the people named."""
        return people_named(self.cleaned_data["joint"], most=JOINT)


def people_named(typed: str, *, most: int) -> list[Representative]:
    """Return the people who serve today and are named; say which name fits nobody, or two (1 query)."""
    names = {name.removesuffix("代表"): None for name in SEPARATORS.split(typed) if name}
    if len(names) > most:
        raise forms.ValidationError(f"最多写 {most} 位代表。")
    found: dict[str, list[Representative]] = {name: [] for name in names}
    for person in Representative.objects.serving(timezone.localdate()).filter(name__in=names):
        found[person.name].append(person)
    unknown = [name for name, people in found.items() if not people]
    if unknown:
        raise forms.ValidationError(f"代表名录里没有“{'”“'.join(unknown)}”，请核对姓名。")
    doubled = [name for name, people in found.items() if len(people) > 1]
    if doubled:
        raise forms.ValidationError(
            f"有同名代表“{'”“'.join(doubled)}”，这里分不清，请联系代表工作委员会登记。"
        )
    return [people[0] for people in found.values()]


class PaperIdeaForm(OnceForm):
    """An idea that was handed in on paper, typed by the staff."""

    title = forms.CharField(
        label="题目", max_length=40, strip=True,
        error_messages={"required": "请写一个题目。", "max_length": "题目最多 40 字，请精简一些。"},
    )  # fmt: skip
    text = Words(
        rows=6, label="内容", max_length=500,
        error_messages={"required": "请写下内容。", "max_length": "内容最多 500 字，请精简一些。"},
    )  # fmt: skip
    authors = forms.CharField(
        label="提出的代表", max_length=120, required=False, help_text="姓名用顿号隔开，最多 6 位。"
    )
    guest_name = forms.CharField(
        label="提出的来宾", max_length=40, required=False, help_text="不是代表的写这里，如 某街道居民。"
    )
    theme = forms.CharField(label="主题", max_length=30, required=False, help_text="不填时用活动的主题。")

    def clean_authors(self) -> list[Representative]:
        """Return the people named."""
        return people_named(self.cleaned_data["authors"], most=JOINT + 1)


class ChosenField(forms.MultipleChoiceField):
    """Row numbers that were ticked, whatever rows there are; whose they are the view asks."""

    def valid_value(self, value: str) -> bool:
        """Any number of a row."""
        return bool(re.fullmatch(r"[0-9]{1,18}", str(value)))


class JudgeForm(forms.Form):
    """Rows that were ticked, and what is to become of them."""

    chosen = ChosenField(
        error_messages={
            "required": "请先勾选要处理的条目。",
            "invalid_choice": "没有读懂勾选的条目，请刷新后再试。",
        }
    )
    verdict = forms.ChoiceField(
        choices=[(Question.State.RELEASED, "公开"), (Question.State.DECLINED, "不公开")],
        error_messages={"required": "请选择公开或不公开。", "invalid_choice": "请选择公开或不公开。"},
    )
    reason = forms.CharField(
        max_length=200, required=False, strip=True, error_messages={"max_length": "原因最多 200 字。"}
    )

    def clean_chosen(self) -> set[int]:
        """Return the numbers of the rows; at most as many as one page can show."""
        chosen = {int(each) for each in self.cleaned_data["chosen"]}
        if len(chosen) > MOST:
            raise forms.ValidationError(f"一次最多处理 {MOST} 条。")
        return chosen


class AnswerForm(forms.Form):
    """An answer, by whom, and the answer the writer saw before."""

    answer = Words(
        rows=4, label="回答", max_length=1000,
        error_messages={"required": "请写下回答。", "max_length": "回答最多 1000 字，请精简一些。"},
    )  # fmt: skip
    answered_by = forms.CharField(
        label="回答人", max_length=60, error_messages={"required": "请写明由谁回答。"}
    )
    seen = Words(rows=1, max_length=1000, required=False)


class HandlingForm(forms.Form):
    """One step of an idea's handling."""

    handling = forms.ChoiceField(
        label="办理情况", choices=Idea.Handling.choices, error_messages={"required": "请选择一种办理情况。"}
    )
    happened_on = forms.DateField(
        label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填日期。", "invalid": "请按 2026-06-18 的样子填日期。"},
    )  # fmt: skip
    organ = forms.CharField(
        label="承办单位", max_length=60, required=False, help_text="交办时必填，如 市教育体育局。"
    )
    reply = Words(
        rows=4, label="答复", max_length=1000, required=False,
        help_text="采纳、答复、未采纳时必填；提出人和读者都会看到。",
        error_messages={"max_length": "答复最多 1000 字，请精简一些。"},
    )  # fmt: skip


class IntoForm(forms.Form):
    """The idea that stays when two are merged."""

    into = forms.IntegerField(min_value=1, max_value=2**63 - 1)
