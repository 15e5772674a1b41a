"""Phones that signed in several people: for those who keep the rolls and for the auditor, for nobody else."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.models.pages import page_of
from sessions.checkin.conflicts import phones_shown, shared_phones
from sessions.models import Activity
from stations.models import AreaGrant
from stations.permissions import READS_ROLLS, holds_anywhere


@never_cache
@login_required
@require_GET
def phones(request: HttpRequest) -> HttpResponse:
    """List the shared phones of the reader's areas, the latest activity first (rule 15)."""
    if not holds_anywhere(request.user, (*READS_ROLLS, AreaGrant.Role.AUDITOR)):
        raise Http404
    page = page_of(shared_phones(Activity.objects.devices_seen_by(request.user)), request)
    keeps = holds_anywhere(request.user, READS_ROLLS)
    context = {"phones": phones_shown(page), "page_items": page, "keeps_rolls": keeps}
    return render(request, "sessions/roll/phones.html", context)
