"""What a form of the admin carries when it is opened, for tests that send one without showing it."""

from django.contrib.auth import get_user
from django.forms import BaseForm
from django.test import Client, RequestFactory
from django.urls import resolve

from portal.stale_forms import OPENED


def form_at(client: Client, address: str) -> BaseForm:
    """Return the form at `address` as the one signed in would get it now."""
    found = resolve(address)
    request = RequestFactory().get(address)
    request.user = get_user(client)
    view = found.func.view_class(**found.func.view_initkwargs)
    view.setup(request, *found.args, **found.kwargs)
    if hasattr(view, "get_object"):
        view.object = view.get_object()
    form: BaseForm = view.get_form()
    return form


def opened(client: Client, address: str) -> dict[str, str]:
    """Return the hidden field of that form."""
    return carried(form_at(client, address))


def carried(form: BaseForm) -> dict[str, str]:
    """Return the hidden field of `form`."""
    return {OPENED: form[OPENED].value()}


def shown(client: Client, address: str) -> dict[str, str]:
    """Return the hidden field of the form on the page at `address`, a page outside the admin."""
    return carried(client.get(address).context["form"])
