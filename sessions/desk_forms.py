"""What a recorder's device sends, cleaned: the envelope and each entry; the rules are the operation's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from sessions.checkin.cards import cleaned
from sessions.checkin_forms import NONCE
from sessions.operations.offline import TICKABLE

ENTRIES = 50  # entries in one upload
BYTES = 64 * 1024  # of one upload: fifty entries with long reasons need half of it
FARTHEST_MS = 4_102_444_800_000  # the year 2100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TooMuch(ValueError):
    """More than one upload may hold."""


class EntryForm(forms.Form):
    """One entry: who (by number or by code card), which status, when by the device's clock."""

    nonce = forms.RegexField(NONCE, max_length=64)
    person = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    card = forms.CharField(max_length=60, required=False)
    status = forms.ChoiceField(choices=[(status.value, status.label) for status in TICKABLE])
    device_ms = forms.IntegerField(min_value=0, max_value=FARTHEST_MS)
    offset_ms = forms.IntegerField(min_value=-FARTHEST_MS, max_value=FARTHEST_MS)
    queued = forms.BooleanField(required=False)
    scanned = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=200, required=False, strip=True)

    def clean_nonce(self) -> str:
        """Return the nonce; the pattern must fit as a whole."""
        nonce = str(self.cleaned_data["nonce"])
        if not NONCE.fullmatch(nonce):
            raise forms.ValidationError("没有读懂这一条。")
        return nonce

    def clean_card(self) -> str:
        """Return the code of the card in its plain form, "" for none."""
        return cleaned(str(self.cleaned_data["card"]))

    @property
    def device_at(self) -> datetime:
        """What the device's clock said."""
        return EPOCH + timedelta(milliseconds=self.cleaned_data["device_ms"])

    @property
    def offset(self) -> timedelta:
        """How far that clock was ahead of the server's."""
        return timedelta(milliseconds=self.cleaned_data["offset_ms"])


class SettleForm(forms.Form):
    """How a contradiction is settled, and why."""

    conflict = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.CharField(max_length=10, required=False)
    reason = forms.CharField(max_length=200, required=False, strip=True)


class SerialForm(forms.Form):
    """The serial of the card that was on the page, 0 for none."""

    seen = forms.IntegerField(min_value=0, max_value=10**6)


def read_upload(body: bytes | None) -> dict[str, Any]:
    """Return the envelope {account, device, entries}; raises TooMuch, or ValueError for what is none.

    `body` is None when it was too long to be read at all.
    """
    if body is None or len(body) > BYTES:
        raise TooMuch
    try:
        sent = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    entries = sent.get("entries") if isinstance(sent, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("not an upload")
    if len(entries) > ENTRIES:
        raise TooMuch
    account, device = sent.get("account"), sent.get("device", "")
    if type(account) is not int or not isinstance(device, str):
        raise ValueError("no account")
    return {"account": account, "device": device.replace("\x00", "")[:32], "entries": entries}
