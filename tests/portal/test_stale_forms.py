"""What a form carries of the moment when it was opened, when it counts as stale, and what it says then."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.audit import record
from portal.models import User
from portal.stale_forms import KEPT, OPENED, UNKNOWN, carry, in_one_line, is_stale
from tests.conftest import SHANGHAI

NOW = datetime(2026, 6, 18, 14, 30, tzinfo=SHANGHAI)
KINDS = [("a", "甲"), ("b", "乙"), ("c", "丙")]
BEFORE = {"name": "石桥站", "phone": "", "kind": "a", "marks": ["a", "b"], "shown": True}
LONG = "一" * 60
SOMEBODY = f"您打开之后，这条已有人改过。{KEPT}"


class Card(forms.Form):
    """A form of every sort of field."""

    name = forms.CharField(label="名称")
    phone = forms.CharField(label="电话", required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS)
    marks = forms.MultipleChoiceField(label="标记", choices=KINDS, required=False)
    shown = forms.BooleanField(label="公开", required=False)
    paper = forms.FileField(label="文件", required=False)
    who = forms.ModelChoiceField(User.objects.none(), label="账号", required=False)

    def __init__(self, *args, without=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]


def card(*args, about="card:1", **kwargs):
    form = Card(*args, **kwargs)
    carry(form, about)
    return form


def opened(stored=BEFORE, **more):
    return card(initial=stored, **more)[OPENED].value()


def judge(carried, stored, subject, reader=None, files=None, without=(), **typed):
    """Return whether what is typed over BEFORE is stale once `stored` is there, and the form."""
    form = card(BEFORE | {OPENED: carried} | typed, files, initial=stored, without=without)
    assert form.is_valid(), form.errors
    return is_stale(form, subject=subject, reader=reader), form


@pytest.fixture
def subject(db):
    return User.objects.create(username="subject")


def test_what_nobody_changed_is_written_and_costs_no_query(subject, django_assert_num_queries):
    with django_assert_num_queries(0):
        stale, form = judge(opened(), BEFORE, subject, name="石桥联络站")
    assert (stale, form.cleaned_data["name"], OPENED in form.cleaned_data) == (False, "石桥联络站", False)


def test_only_the_fields_are_told_that_would_be_written_over(subject):
    stored = BEFORE | {"phone": "0374-1", "name": "东街站"}
    stale, form = judge(opened(), stored, subject, name="东街站", kind="b")
    assert (stale, form.errors) == (True, {"__all__": [SOMEBODY], "phone": ["已由空白改为“0374-1”。"]})


def test_who_sends_the_same_twice_is_not_stopped(subject):
    assert judge(opened(), BEFORE | {"name": "东街站"}, subject, name="东街站")[0] is False


def test_the_order_of_several_counts_for_nothing(subject):
    assert judge(opened(), BEFORE | {"marks": ["b", "a"]}, subject)[0] is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "b"}, {"kind": ["已由“甲”改为“乙”。"]}),
        ({"marks": ["c", "a"]}, {"marks": ["已由“甲、乙”改为“甲、丙”。"]}),
        ({"marks": []}, {"marks": ["已由“甲、乙”改为空白。"]}),
        ({"shown": False}, {"shown": ["已由“是”改为“否”。"]}),
        ({"name": LONG}, {"name": [f"已由“石桥站”改为“{LONG[:40]}…”。"]}),
        ({"who": 7}, {"who": ["已由空白改为“已不能选的一项”。"]}),
    ],
)
def test_a_change_is_told_in_the_words_of_the_form(subject, change, said):
    stale, form = judge(opened(), BEFORE | change, subject)
    assert (stale, form.errors) == (True, {"__all__": [SOMEBODY]} | said)


def test_of_a_long_text_the_place_is_told_where_it_differs(subject):
    before, now = BEFORE | {"name": f"{LONG}甲"}, BEFORE | {"name": f"{LONG}乙"}
    _, form = judge(opened(before), now, subject, name="别的")
    assert form.errors["name"] == ["已由“…一一一一一一一一甲”改为“…一一一一一一一一乙”。"]


FOREIGN = {
    "nothing": "",
    "nonsense": "nonsense",
    "of our shape": "a:b:c",
    "no text": "\x00é",
    "of another row": opened(about="card:2"),
    "cut off": opened()[:-1],
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_carries_nothing_of_ours_is_refused_in_words_and_taken_when_sent_again(subject, what):
    carried = FOREIGN[what]
    stale, form = judge(carried, BEFORE, subject, name="东街站")
    assert (stale, form.errors) == (
        True, {"__all__": [UNKNOWN + KEPT], "name": ["现在存的是“石桥站”。"]},
    )  # fmt: skip
    assert form["name"].value() == "东街站"
    assert judge(form[OPENED].value(), BEFORE, subject, name="东街站")[0] is False


def test_a_field_that_is_not_shown_any_more_is_named_and_its_value_kept_back(subject):
    before, now = BEFORE | {"phone": "13900000001"}, BEFORE | {"phone": "13900000002"}
    stale, form = judge(opened(before), now, subject, without=["phone"])
    assert (stale, in_one_line(form)) == (
        True, f"您打开之后，这条已有人改过。“电话”现在不能在这里改，没有保存。{KEPT}",
    )  # fmt: skip


def test_a_field_that_was_not_shown_then_is_not_emptied_in_silence(subject):
    carried = opened(without=["phone"])
    stale, form = judge(carried, BEFORE | {"phone": "0374-1"}, subject)
    assert (stale, form.errors["phone"]) == (True, ["现在存的是“0374-1”。"])


def test_a_file_has_to_be_chosen_again(subject):
    files = {"paper": SimpleUploadedFile("a.txt", b"example")}
    _, form = judge(opened(), BEFORE | {"kind": "b"}, subject, files=files)
    assert form.non_field_errors() == [f"{SOMEBODY}文件请重新选择。"]


def test_everybody_is_named_who_changed_it_since_with_the_last_time_of_each(subject, city):
    with time_machine.travel(NOW, tick=False) as clock:
        record("stations.change", subject, actor=city.recorder)
        clock.shift(timedelta(minutes=1))
        carried = opened()
        for minutes, actor in ((1, city.office), (2, city.reviewer), (60 * 24, city.office), (1, None)):
            clock.shift(timedelta(minutes=minutes))
            record("stations.change", subject, actor=actor)
        _, form = judge(carried, BEFORE | {"kind": "b"}, subject, reader=city.reviewer)
    assert form.non_field_errors() == [
        f"您打开之后，代工委（14:34）、您自己（6 月 18 日 14:34，在另一个窗口）已改过这条。{KEPT}"
    ]


def test_the_hidden_field_has_no_id_of_its_own():
    assert re.sub(r'value="[^"]+"', "…", str(card(initial=BEFORE)[OPENED])) == (
        '<input type="hidden" name="as_opened" …>'
    )
