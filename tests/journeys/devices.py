"""What a person's device remembers of them: who is signed in there, and how they want pages shown."""

from django.conf import settings
from django.test import Client


def sign_in(page, user):
    """Let `user` be signed in from the next page on, without the form."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    remember(page, {name: client.cookies[name].value})


def remember(page, cookies):
    everywhere = f"{settings.PUBLIC_URL}/"  # of the server under test (`windows`)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": everywhere} for name, value in cookies.items()]
    )
