"""Signing a test's client in: the session that signing in leaves, written once, without the steps that lead to it."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend

if TYPE_CHECKING:
    from django.test import Client

    from portal.models import User


def signed_in(client: "Client", user: "User", backend: str | None = None) -> None:
    """Give `client` a session of `user`: what a test calls as `client.force_login(user)`.

    Django's own makes a session, signs in, changes the key and saves again: fourteen statements where these are four,
    three thousand times in a run. Nobody counts the tries and no last login is kept; who tests those posts the form.
    """
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = backend or _backend()
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


@cache
def _backend() -> str:
    return next(path for path in settings.AUTHENTICATION_BACKENDS if hasattr(load_backend(path), "get_user"))
