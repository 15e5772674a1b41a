"""A form carries what it showed when it was opened: what somebody else saved since is told, not written over (THREATS 23)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files import File
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.log_actions import registry

from portal.dates import cn_month_day, cn_time

if TYPE_CHECKING:
    from portal.models import User

OPENED = "as_opened"
NOT_SAVED = "还没有保存，请先核对。"
KEPT = "您填的都还在；请对照写出的内容核对，再保存，将以您填的为准。"
UNKNOWN = "没有收到这份表单打开时的内容，看不出期间有没有别人改过。"
LONGEST = 40  # characters of a value in a sentence
BEFORE = 8  # of them before the first difference

Shown = dict[str, str | list[str]]  # a form's values by the names of its fields


class OpenedField(forms.CharField):
    """What `form` showed when it was opened, signed, in a hidden field; it is never a fault by itself.

    `now` is what is stored at the moment, `opened` what came back: None when nothing did, or nothing of ours. It holds the
    form's own fields alone, so nobody is told of a column that the form does not show them.
    """

    def __init__(self, form: forms.BaseForm, about: str) -> None:
        hidden = forms.HiddenInput(attrs={"id": False})  # several forms of a page may have one
        super().__init__(required=False, widget=hidden, initial=self.sealed)
        self.salt = f"{__name__}:{about}"
        self.now: Shown = {name: _plain(form, name) for name in form.fields}
        self.opened: Shown | None = None
        self.since = 0.0

    def sealed(self) -> str:
        """Return what is stored now, with the moment, for the next time that the form comes in."""
        content = [timezone.now().timestamp(), self.now]
        return signing.dumps(content, salt=self.salt, compress=True)

    def clean(self, value: Any) -> None:
        """Read what came back; the signature keeps out what is forged, mangled, or of another form or row."""
        try:
            self.since, self.opened = signing.loads(str(value or ""), salt=self.salt)
        except signing.BadSignature:
            self.opened = None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def carry(form: forms.BaseForm, about: str) -> None:
    """Let `form` carry what it shows; `about` names the one thing it changes, such as the form's address.

    A bound form must have been built from a row that is held until it is written: `is_stale` compares with that.
    """
    form.fields[OPENED] = OpenedField(form, about)


def is_stale(form: forms.BaseForm, *, subject: Model, reader: Any) -> bool:
    """Whether this valid form would write over what was saved since it was opened; it then says what, field by field.

    Only a field counts whose stored value is neither the one that was shown nor the one that comes in now: whoever sends
    the same twice is not stopped. The form keeps what was typed and is renewed: sent once more, it is taken.
    """
    field = form.fields[OPENED]
    assert isinstance(field, OpenedField)
    form.cleaned_data.pop(OPENED, None)
    opened = field.opened
    if opened is None:
        gone: list[str] = []
        changed, why = form.changed_data, UNKNOWN
    else:
        gone = sorted(opened.keys() - field.now.keys())
        moved = {name for name, value in field.now.items() if value != opened.get(name)}
        changed = [name for name in form.changed_data if name in moved] if moved else []
        if not (gone or changed):
            return False
        why = f"您打开之后，{_who(subject, field.since, reader)}。"
    form.add_error(None, why + _not_here(form, gone) + KEPT + ("文件请重新选择。" if form.files else ""))
    for name in changed:
        form.add_error(name, _in_words(form, name, (opened or {}).get(name), field.now[name]))
    came: Any = form.data
    sent = came.copy()
    sent[form.add_prefix(OPENED)] = field.sealed()
    form.data = sent
    return True


def in_one_line(form: forms.BaseForm) -> str:
    """Return what a form says, for a page that has one place for what was refused."""
    return "".join(
        str(error) if name == NON_FIELD_ERRORS else f"{form.fields[name].label}：{error}"
        for name, errors in form.errors.items()
        for error in errors
    )


def _plain(form: forms.BaseForm, name: str) -> str | list[str]:
    """Return the value that a field starts from as text, of several the keys in an order of their own."""
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(value, Iterable) and not isinstance(value, str | File):
        return sorted(str(each) for each in value)
    return "" if value is None else str(value)


def _who(subject: Model, since: float, reader: Any) -> str:
    """Return who has written `subject` since then, and when last, as the log knows it (1 query)."""
    lines = registry.get_logs_for_instance(subject).filter(timestamp__gt=datetime.fromtimestamp(since, UTC))
    last: dict[User, datetime] = {}
    for line in lines.select_related("user").order_by("timestamp", "pk"):
        if line.user:
            last[line.user] = line.timestamp
    today = timezone.localdate()
    told = []
    for user, moment in last.items():
        day = "" if timezone.localdate(moment) == today else f"{cn_month_day(moment)} "
        who, where = ("您自己", "，在另一个窗口") if user == reader else (str(user), "")
        told.append(f"{who}（{day}{cn_time(moment)}{where}）")
    return f"{'、'.join(told)}已改过这条" if told else "这条已有人改过"


def _not_here(form: Any, names: list[str]) -> str:
    """Name the fields that were shown and are not any more, because what they belong to has gone on."""
    labels = [str(form.base_fields[name].label or name) for name in names if name in form.base_fields]
    return f"“{'”“'.join(labels)}”现在不能在这里改，没有保存。" if labels else ""


def _in_words(form: forms.BaseForm, name: str, old: str | list[str] | None, new: str | list[str]) -> str:
    """Say what a field's value was and what it is now, in the words in which the form shows values."""
    now = _words(form.fields[name], new)
    if old is None:
        return f"现在存的是{_quoted(now, 0)}。"
    was = _words(form.fields[name], old)
    same = next(
        (n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now))
    )
    return f"已由{_quoted(was, same)}改为{_quoted(now, same)}。"


def _words(field: forms.Field, value: str | list[str]) -> str:
    keys = [key for key in ([value] if isinstance(value, str) else value) if key]
    if isinstance(field, forms.ModelChoiceField):
        offered: Any = field.queryset
        rows = offered.filter(pk__in=keys) if keys else ()
        labels = {str(row.pk): field.label_from_instance(row) for row in rows}
        return "、".join(labels.get(key, "已不能选的一项") for key in keys)
    if isinstance(field, forms.BooleanField):
        return "是" if value == "True" else "否"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        return "、".join(labels.get(key, key) for key in keys) or labels.get("", "")
    if isinstance(field, forms.FileField):
        keys = [key.rpartition("/")[2] for key in keys]
    return "、".join(keys)


def _quoted(text: str, same: int) -> str:
    """Return a value in quotation marks; of a long one the part in which it differs, from place `same` on."""
    if not text:
        return "空白"
    start = max(0, same - BEFORE) if len(text) > LONGEST else 0
    piece = text[start : start + LONGEST]
    return f"“{'…' if start else ''}{piece}{'…' if len(text) > start + LONGEST else ''}”"


class TellsOfOthers:
    """A view with one form of something known, the first of its bases: it tells what was saved since the form was opened.

    A POST is one transaction that holds the row from reading it to writing it, so nothing slips in between looking and
    writing: what the form starts from is what is stored, and whoever else saves the same form waits (on SQLite every
    writer does). The check costs no query; the row is read with its lock.
    """

    produced_error_code: Any
    produced_error_message: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as ever, the row being held."""
        with transaction.atomic():
            self.object = self.held()
            answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def held(self) -> Any:
        """Return the row, locked; 404 outside the user's areas as for reading."""
        return self.get_object(self.get_queryset().select_for_update(of=("self",)))  # type: ignore[attr-defined]

    def get_form(self, form_class: Any = None) -> Any:
        """Let the form carry what it shows."""
        form = super().get_form(form_class)  # type: ignore[misc]
        carry(form, self.request.path)  # type: ignore[attr-defined]
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Write, or tell what somebody else wrote first (409)."""
        if not is_stale(form, subject=self.object, reader=self.request.user):  # type: ignore[attr-defined]
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            return answer
        self.produced_error_code, self.produced_error_message = "validation_error", NOT_SAVED
        refused: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
        refused.status_code = 409
        return refused
