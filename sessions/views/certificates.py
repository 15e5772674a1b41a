"""参加证明: given out by who keeps the roll or fetched by the person, printed on A4, verified by anybody with its address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from sessions.checkin.visits import representative_of
from sessions.models import Activity, Attendance
from sessions.operations import CertificateRefused, issue_certificates
from sessions.paper.certificates import Sheet, certificates, sheets_of
from sessions.views.roll import kept_activity


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """List the certificates of a roll (GET); give one to everybody who came and has none (POST)."""
    activity = kept_activity(request, pk)
    if request.method != "POST":
        return _of_roll(request, activity)
    try:
        count = issue_certificates(activity=activity, actor=request.user, moment=timezone.now())  # type: ignore[arg-type]  # signed in
    except CertificateRefused as refused:
        return _of_roll(request, activity, why=str(refused), status=409)
    messages.success(request, f"新出具 {count} 份参加证明。" if count else "到场代表都已有参加证明。")
    return redirect("roll_certificates", pk=activity.pk)


def _of_roll(request: HttpRequest, activity: Activity, *, why: str = "", status: int = 200) -> HttpResponse:
    sheets = sheets_of(activity)
    came = Attendance.objects.came().filter(activity=activity, confirmed_at__isnull=False)
    context = {
        "activity": activity,
        "sheets": sheets,
        "standing": sum(not sheet.certificate.revoked for sheet in sheets),
        "waiting": came.filter(certificate=None).count() if activity.state == Activity.State.CLOSED else 0,
        "why": why,
    }
    return render(request, "sessions/certificates/of_roll.html", context, status=status)


@never_cache
@login_required
@require_GET
def print_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all certificates of a roll that hold, one on a page; ?number= shows one alone."""
    activity = kept_activity(request, pk)
    wanted = request.GET.get("number", "")
    standing = [sheet for sheet in sheets_of(activity) if not sheet.certificate.revoked]
    sheets = [sheet for sheet in standing if wanted in {"", sheet.certificate.number}]
    if not sheets:
        raise Http404("没有可以打印的参加证明。")
    return render(request, "sessions/certificates/sheets.html", {"sheets": sheets, "activity": activity})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch one's own certificate of one row (POST), and print it (GET)."""
    person = representative_of(request.user)
    if person is None:
        raise Http404
    row = get_object_or_404(Attendance.objects.select_related("activity"), pk=pk, representative=person)
    if request.method == "POST":
        try:
            issue_certificates(
                activity=row.activity,
                representative=person,
                actor=request.user,  # type: ignore[arg-type]  # signed in
                moment=timezone.now(),
            )
        except CertificateRefused as refused:
            messages.warning(request, str(refused))
            return redirect("me_attendance")
        return redirect("my_certificate", pk=row.pk)
    sheet = Sheet(get_object_or_404(certificates(), attendance=row))
    return render(request, "sessions/certificates/sheets.html", {"sheets": [sheet], "own": True})


@never_cache
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether a certificate holds, to anybody who has its address; no other address leads here."""
    found = certificates().filter(token=token).first()
    context = {"sheet": Sheet(found) if found else None}
    return render(request, "sessions/certificates/verify.html", context, status=200 if found else 404)
