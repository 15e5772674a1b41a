"""履职申报 of one's own: the list, starting one, writing it with its evidence, taking it back. Nobody else's is here."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.models import User
from portal.models.pages import page_of
from portal.uploads import UploadRefused, answer
from sessions.checkin.visits import representative_of
from sessions.declaration_forms import AttendanceForm, DeedForm
from sessions.declarations.own import choices_of, declarations_of
from sessions.models import DEED_KINDS, MOST_FILES, Activity, Declaration, DeclarationFile, Enrolment
from sessions.operations import (
    DeclarationRefused,
    attach_evidence,
    declare,
    remove_evidence,
    save_declaration,
    submit_declaration,
    withdraw_declaration,
)
from stations.models import Representative

State = Declaration.State
SOON = "已提交，等待审核。审核通过后计入履职记录。"


def _person(request: HttpRequest) -> Representative:
    """Return the reader as a representative; 404 for everybody else."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    return person


@never_cache
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List one's own declarations and how they stand."""
    rows = page_of(declarations_of(_person(request)), request)
    return render(request, "sessions/declarations/mine.html", {"rows": rows})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what to declare, then write it (GET); start the draft and hand it in, if all is there (POST)."""
    person = _person(request)
    source = request.POST if request.method == "POST" else request.GET
    activity, deed_kind = _wanted(person, source.get("activity", ""), source.get("what", ""))
    if activity is None and not deed_kind:
        return _choose(request, person)
    if request.method != "POST":
        return _blank(request, activity, deed_kind)
    try:
        draft = declare(
            representative=person,
            nonce=request.POST.get("nonce", "")[:64] or uuid4().hex,
            actor=_user(request),
            moment=timezone.now(),
            activity=activity,
            deed_kind=deed_kind,
        )
    except DeclarationRefused as refused:
        return _choose(request, person, why=str(refused), status=409)
    return _take(request, draft)


def _wanted(person: Representative, number: str, what: str) -> tuple[Activity | None, str]:
    """Return the activity that was chosen, 404 unless the person was on its list, or the kind of a deed."""
    if number:
        listed = Enrolment.objects.expected().filter(representative=person).values("activity")
        offered = Activity.objects.published().arranged().filter(pk__in=listed)
        known = number.isascii() and number.isdigit() and len(number) < 19
        return get_object_or_404(offered, pk=number if known else 0), ""
    return None, what if what in DEED_KINDS else ""


def _choose(
    request: HttpRequest, person: Representative, *, why: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "choices": choices_of(person, timezone.now()),
        "kinds": [(kind.value, kind.label) for kind in DEED_KINDS],
        "why": why,
    }
    return render(request, "sessions/declarations/choose.html", context, status=status)


def _blank(request: HttpRequest, activity: Activity | None, deed_kind: str) -> HttpResponse:
    now = timezone.now()
    first = {"deed_kind": deed_kind, "happened_on": timezone.localdate(now)}
    form = AttendanceForm(moment=now) if activity else DeedForm(moment=now, initial=first)
    context = {
        "form": form,
        "activity": activity,
        "what": deed_kind,
        "nonce": uuid4().hex,
        "most": MOST_FILES,
    }
    return render(request, "sessions/declarations/write.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own declaration; a draft or one that came back is shown with its form (GET) and taken (POST)."""
    declaration = _own(request, pk)
    if request.method == "POST":
        return _take(request, declaration)
    if declaration.is_writable:
        return _write(request, declaration, _form(declaration))
    history = declaration.events.select_related("actor").order_by("happened_at", "pk")
    context = {"declaration": declaration, "files": declaration.files.all(), "history": history}
    return render(request, "sessions/declarations/own.html", context)


def _own(request: HttpRequest, pk: int) -> Declaration:
    own = Declaration.objects.filter(representative=_person(request))
    declaration = get_object_or_404(own.select_related("activity", "decided_by"), pk=pk)
    assert isinstance(declaration, Declaration)
    return declaration


def _form(declaration: Declaration, data: Any = None) -> AttendanceForm:
    kind = AttendanceForm if declaration.activity_id else DeedForm
    names = ("deed_kind", "title", "happened_on", "part", "place", "text")
    kept = {name: getattr(declaration, name) for name in names}
    return kind(data, moment=timezone.now(), initial=kept)


def _write(
    request: HttpRequest,
    declaration: Declaration,
    form: AttendanceForm,
    *,
    wrong: Any = (),
    status: int = 200,
) -> HttpResponse:
    files = list(declaration.files.all())
    context = {
        "form": form,
        "activity": declaration.activity,
        "declaration": declaration,
        "files": files,
        "room": MOST_FILES - len(files),
        "wrong": wrong,
        "most": MOST_FILES,
    }
    return render(request, "sessions/declarations/write.html", context, status=status)


def _take(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """Keep files and words whatever is wrong with the rest, then hand in, if that was asked and all is there."""
    if not declaration.is_writable:  # the same form sent twice
        return redirect("me_declaration", pk=declaration.pk)
    user, step = _user(request), request.POST.get("step", "submit")
    wrong = _attach(declaration, request.FILES.getlist("files"), user)
    form = _form(declaration, request.POST)
    sound = form.is_valid()
    if step != "submit":
        form.forgive_gaps()
    try:
        declaration = save_declaration(
            declaration=declaration, text=form.cleaned_data.get("text", ""), deed=form.deed(), actor=user
        )
        if step.startswith("remove-"):
            _remove(declaration, step.removeprefix("remove-"), user)
        elif step == "submit" and sound and not wrong:
            submit_declaration(declaration=declaration, actor=user, moment=timezone.now())
            messages.success(request, SOON)
            return redirect("me_declaration", pk=declaration.pk)
    except DeclarationRefused as refused:
        declaration.refresh_from_db()
        if not declaration.is_writable:
            return redirect("me_declaration", pk=declaration.pk)
        form.add_error(None, str(refused))
    if wrong or form.errors:
        return _write(request, declaration, form, wrong=wrong, status=400)
    messages.success(request, "已保存，还没有提交。")
    return redirect("me_declaration", pk=declaration.pk)


def _attach(declaration: Declaration, files: Sequence[Any], user: User) -> list[str]:
    """Take each file by itself and return the sentences about those that were not taken."""
    wrong = []
    if len(files) > MOST_FILES:  # each is decoded: a hundred in one form would keep the server busy
        wrong.append(f"一次最多选 {MOST_FILES} 份材料，多出的 {len(files) - MOST_FILES} 份没有收下。")
    for file in files[:MOST_FILES]:
        try:
            attach_evidence(declaration=declaration, file=file, actor=user)
        except (UploadRefused, DeclarationRefused) as refused:
            wrong.append(str(refused))
    return wrong


def _remove(declaration: Declaration, number: str, user: User) -> None:
    if number.isascii() and number.isdigit() and len(number) < 19:
        file = declaration.files.filter(pk=number).select_related("declaration").first()
        if file:
            remove_evidence(file=file, actor=user)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own declaration back."""
    declaration = _own(request, pk)
    try:
        withdraw_declaration(declaration=declaration, actor=_user(request), moment=timezone.now())
    except DeclarationRefused as refused:
        messages.warning(request, str(refused))
        return redirect("me_declaration", pk=declaration.pk)
    messages.success(request, "已撤回这件申报。")
    return redirect("me_declarations")


@never_cache
@login_required
@require_GET
def evidence(request: HttpRequest, pk: int, small: bool = False) -> FileResponse:
    """Give a piece of evidence to its owner and to the staff of the area, nobody else (THREATS 12)."""
    mine = Declaration.objects.filter(representative__user=_user(request))
    seen = Declaration.objects.seen_by(request.user)
    file = get_object_or_404(
        DeclarationFile.objects.filter(declaration__in=mine)
        | DeclarationFile.objects.filter(declaration__in=seen),
        pk=pk,
    )
    stored = file.preview if small else file.file
    if not stored:
        raise Http404
    try:
        return answer(stored, name=file.name, content_type=file.content_type, attachment=not small)
    except FileNotFoundError as gone:
        raise Http404 from gone


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # signed in
    return request.user
