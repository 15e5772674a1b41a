"""Writes of accounts and who may do what where."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from portal.accounts import mobile_number
from portal.audit import record
from portal.first_login.passwords import HOLDS
from portal.models import User
from stations.models import Area, AreaGrant
from stations.operations.refusal import PersonRefused
from stations.permissions import forget_grants


def checked_number(phone: str, *, but: User | None = None) -> str:
    """Return the 11 digits of a mobile number that no account but `but` has; "" for none.

    Raises PersonRefused when it is no mobile number or is taken, also as a user name.
    """
    number = mobile_number(phone) if phone else ""
    if phone and not number:
        raise PersonRefused("手机号应为 11 位数字。")
    others = User.objects.exclude(pk=but.pk if but else 0)
    if number and others.filter(Q(phone=number) | Q(username=number)).exists():
        raise PersonRefused("这个手机号已经登记在另一个账号上，请核对。")
    return number


def checked_username(username: str, number: str, *, but: User | None = None) -> str:
    """Return a user name that no account but `but` has, in whatever case; a mobile number only as one's own `number`.

    Raises PersonRefused otherwise: who types another's number at the login means the other.
    """
    username = mobile_number(username) or username.strip()
    try:
        User.username_validator(username)
    except ValidationError:
        raise PersonRefused("用户名只能用字母、数字和 @ . + - _，中间不要有空格。") from None
    if mobile_number(username) and username != number:
        raise PersonRefused("用户名是一个手机号，却不是本人登记的手机号；请填本人的，或者用字母和数字。")
    if User.objects.filter(username__iexact=username).exclude(pk=but.pk if but else 0).exists():
        raise PersonRefused("这个用户名已经有人用了，请换一个，例如在后面加一个数字。")
    return username


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    password: str | None = None,
    phone: str = "",
    until: datetime | None = None,
    actor: User | None,
) -> User:
    """Open an account and return it; without a password nobody can log in until one is set.

    With `until` the password is a one-time password that opens the first sign-in up to that moment.
    Raises PersonRefused when the number is no mobile number or is taken, or the user name is.
    """
    number = checked_number(phone)
    user = User(username=checked_username(username, number), display_name=display_name, phone=number or None)
    user.set_password(password)
    user.one_time_until = until
    user.save()
    record("portal.open_account", user, actor=actor)
    return user


@transaction.atomic
def open_first_account(*, username: str, password: str, area: Area, moment: datetime) -> User:
    """Open the account a new installation begins with: it keeps the site and is the office of everything below `area`."""
    user = open_account(
        username=username,
        display_name="代表工作委员会",
        password=password,
        until=moment + HOLDS,
        actor=None,
    )
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    grant(user=user, area=area, role=AreaGrant.Role.OFFICE, actor=None)
    return user


@transaction.atomic
def grant(*, user: User, area: Area, role: str, actor: User | None) -> AreaGrant:
    """Give a person a role in a branch of the tree; twice is once."""
    row, created = AreaGrant.objects.get_or_create(user=user, area=area, role=role)
    forget_grants(user)
    if created:
        record("portal.grant", user, actor=actor, role=str(role), area=area.code)
    return row


@transaction.atomic
def revoke_grant(*, area_grant: AreaGrant, actor: User | None) -> None:
    """Take a role back; the log keeps who held it and who took it.

    Raises PersonRefused when it is the last office of all: nobody could give one again.
    """
    office = AreaGrant.Role.OFFICE
    others = AreaGrant.objects.select_for_update().filter(role=office).exclude(pk=area_grant.pk)
    if area_grant.role == office and not others.exists():
        raise PersonRefused("这是最后一个代表工作委员会身份，请先授予另一个账号。")
    record(
        "stations.change", area_grant.user, actor=actor, revoked=area_grant.role, area=area_grant.area.code
    )
    area_grant.delete()
    forget_grants(area_grant.user)
