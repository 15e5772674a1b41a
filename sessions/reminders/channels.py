"""The ways out: e-mail by Django's backend, SMS by an adapter that the installation names in SMS_ADAPTER."""

import logging
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class Channel(Protocol):
    """Brings one text to one address. `send` returns when it was taken over, and raises otherwise."""

    def send(self, to: str, text: str) -> None:
        """Send `text` to `to`: an e-mail address or a number. What it raises is kept by its class name alone."""


class Email:
    """Letters: the first line of the text is the subject."""

    def send(self, to: str, text: str) -> None:
        """Hand the letter to the mail server."""
        subject, _, body = text.partition("\n")
        send_mail(" ".join(subject.split()), body.strip() + "\n", None, [to])


class ConsoleSms:
    """The default: no provider is contracted yet, so the text goes to the service log, without the whole number."""

    def send(self, to: str, text: str) -> None:
        """Write the text to the log; of the number only its ends."""
        log.warning("SMS to %s****%s: %s", to[:3], to[-2:], text)


def sms() -> Channel:
    """Return the adapter that the installation has chosen."""
    adapter: Channel = import_string(settings.SMS_ADAPTER)()
    return adapter
