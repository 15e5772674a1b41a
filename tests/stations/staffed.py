"""What the tests of the admin's people and places share: an editor with every right, what a list, a form and the log say."""

from bs4 import BeautifulSoup
from wagtail.models import ModelLogEntry

from stations import operations


def staff(editors, area, *roles, name="editor"):
    user = operations.open_account(username=name, display_name=name, actor=None)
    user.groups.add(editors)
    for role in roles:
        operations.grant(user=user, area=area, role=role, actor=None)
    return user


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def titles(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [link.get_text(strip=True) for link in page.select("table.listing tbody .title-wrapper")]


def errors(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [
        line.get_text(" ", strip=True)
        for line in page.select(".error-message, .help-critical, .errorlist li")
    ]


def last_line():
    entry = ModelLogEntry.objects.order_by("pk").last()
    return entry.action, entry.label, entry.user.username if entry.user else None, entry.data
