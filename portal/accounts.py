"""Accounts: login by mobile number or user name, and whose address a request comes from."""

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from portal.first_login.passwords import as_written
from portal.models import User

MOBILE = re.compile(r"1[3-9]\d{9}")


def mobile_number(text: str) -> str:
    """Return the 11 digits of a Chinese mobile number, however it was typed; else an empty string.

    Full-width digits, spaces, hyphens and a leading +86 are taken as people write them.
    """
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86").removeprefix("0086")
    return digits if MOBILE.fullmatch(digits) else ""


class MobileField(forms.CharField):
    """A form field for a Chinese mobile number (allauth's own wants +86 in front)."""

    def clean(self, value: Any) -> str:
        """Return the 11 digits; raise ValidationError when it is no mobile number."""
        number = mobile_number(str(value or ""))
        if not number:
            raise forms.ValidationError("请填写 11 位手机号。", code="invalid")
        return number


class AccountAdapter(DefaultAccountAdapter):
    """allauth as this house uses it: accounts are opened by the office, never by sign-up."""

    def is_safe_url(self, url: str) -> bool:
        """Return whether one may go on to `url` from the login.

        The admin is no way on for who is signed in and may not enter it: it would send them to the login, and the login
        back, without end. They come to their own page, where the admin's refusal is said.
        """
        user = context.request.user
        to_admin = urlsplit(url).path.startswith(reverse("wagtailadmin_home"))
        if to_admin and user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
            return False
        return bool(super().is_safe_url(url))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """Return what lies between a right password and the site, one's own password last."""
        return [*super().get_login_stages(), "portal.first_login.stage.OwnPasswordStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whose credentials these are; a one-time password may be typed without its stroke or in capitals."""
        if credentials.get("password"):
            credentials["password"] = as_written(credentials["password"])
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user

    def phone_form_field(self, **kwargs: Any) -> MobileField:
        return MobileField(**kwargs)

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        assert isinstance(user, User)
        return (user.phone, True) if user.phone else None

    def get_user_by_phone(self, phone: str) -> User | None:
        # allauth asks the field only which method was meant; the raw text arrives here.
        number = mobile_number(phone)
        return User.objects.filter(phone=number).first() if number else None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        raise PermissionError("手机号由代表工作委员会登记。")

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        return None

    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any
    ) -> None:
        raise PermissionError("本站不发送短信验证码。")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        return None


def client_address(request: HttpRequest) -> str:
    """Return the reader's address: the peer's, or, behind N trusted proxies, the N-th from the right."""
    peer = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    count = settings.TRUSTED_PROXIES
    return forwarded[-count] if count and len(forwarded) >= count else peer
