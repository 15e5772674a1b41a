"""Where a form leads on to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Lead on to the form's `next`, if that is an address of this site, else to `otherwise` (THREATS 33)."""
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if own else otherwise)
