"""Writes of how people sign in: accounts changed, opened for representatives, linked, and given one-time passwords."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from portal.accounts import mobile_number
from portal.audit import record, record_each
from portal.first_login.passwords import HOLDS, new_password, state_of
from portal.models import User
from stations.models import Representative
from stations.operations.accounts import checked_number, checked_username
from stations.operations.refusal import PersonRefused
from stations.usernames import HAS_ONE, plan_logins

NAMED = 3  # how many people a refusal names


class Slip(NamedTuple):
    """What is handed over on paper: the account and the one-time password, which stands nowhere else."""

    user: User
    password: str


class AccountFacts(NamedTuple):
    """What the office keeps of an account; None leaves it as it is."""

    username: str
    display_name: str
    phone: str
    groups: Iterable[Group]
    is_active: bool | None = None
    is_superuser: bool | None = None


@transaction.atomic
def change_account(*, user: User, facts: AccountFacts, actor: User | None) -> User:
    """Change an account and return it; the log says which columns changed, never their values.

    Raises PersonRefused for a number or a user name that is wrong or taken.
    """
    account: User = User.objects.select_for_update().get(pk=user.pk)
    number = checked_number(facts.phone, but=account)
    columns: dict[str, object] = {
        "username": checked_username(facts.username, number or account.username, but=account),
        "display_name": facts.display_name.strip(),
        "phone": number or None,
    }
    for name in ("is_active", "is_superuser"):
        if getattr(facts, name) is not None:
            columns[name] = getattr(facts, name)
    changed = [name for name, value in columns.items() if getattr(account, name) != value]
    for name in changed:
        setattr(account, name, columns[name])
    if changed:
        account.save(update_fields=changed)
    if set(account.groups.all()) != set(facts.groups):
        account.groups.set(facts.groups)
        changed.append("groups")
    if changed:
        record("portal.change_account", account, actor=actor, changed=changed)
    return account


@transaction.atomic
def correct_login(*, user: User, display_name: str, phone: str, actor: User | None) -> User:
    """Put right the name and the number of a person's login and return it; its rights stay as they are.

    A user name that is a number goes with the number. Raises PersonRefused without a name, and for a number that is
    wrong or taken.
    """
    account: User = User.objects.select_for_update().get(pk=user.pk)
    if not display_name.strip():
        raise PersonRefused("请填写姓名。")
    number = checked_number(phone, but=account)
    username = number if number and mobile_number(account.username) else account.username
    facts = AccountFacts(username, display_name, number, account.groups.all())
    try:
        return change_account(user=account, facts=facts, actor=actor)
    except IntegrityError:  # another clerk took the number between the look and the write
        raise PersonRefused("刚才有同事把这个手机号登记到了另一个账号，没有改动，请核对。") from None


@transaction.atomic
def give_password(*, user: User, password: str, until: datetime | None, actor: User | None) -> User:
    """Set a password and return the account: every other login of it ends, and the lock after wrong tries is lifted.

    With `until` it is a one-time password that opens the first sign-in up to that moment.
    """
    account: User = User.objects.select_for_update().get(pk=user.pk)
    account.set_password(password)
    account.one_time_until = until
    account.save(update_fields=["password", "one_time_until"])
    _lift_locks([account])
    record("portal.reset_password", account, actor=actor)
    return account


def reset_passwords(*, seen: Mapping[int, str], moment: datetime, actor: User) -> list[Slip]:
    """Give one-time passwords to who forgot theirs or lost the slip, all or none; return the slips in 姓名笔画 order.

    `seen` tells for each account (pk) its `state_of` as the clerk saw it: the second answer to one click changes
    nothing. Hashed before the transaction, as in `open_logins`. Raises PersonRefused when a password is another by now,
    for an account that was closed, and for one's own.
    """
    passwords = [new_password() for _ in seen]
    hashes = [make_password(password) for password in passwords]
    accounts = _replace(seen=seen, hashes=hashes, moment=moment, actor=actor)
    return [Slip(*pair) for pair in zip(accounts, passwords, strict=True)]


@transaction.atomic
def _replace(*, seen: Mapping[int, str], hashes: Sequence[str], moment: datetime, actor: User) -> list[User]:
    locked = User.objects.select_for_update(of=("self",)).filter(pk__in=seen)
    accounts = list(locked.order_by("representative__stroke_key", "pk"))
    if actor.pk in seen:
        raise PersonRefused("这是您自己的账号，请点网站页脚的“修改密码”。")
    if closed := [account for account in accounts if not account.is_active]:
        raise PersonRefused(f"{closed[0]}的账号已经停用，请先在“设置 → 用户”里启用。")
    if [account for account in accounts if seen[account.pk] != state_of(account)]:
        raise PersonRefused("密码刚才已经换过了，没有再换。要再给一个新的，请再点一次。")
    for account, password in zip(accounts, hashes, strict=True):
        account.password, account.one_time_until = password, moment + HOLDS
    User.objects.bulk_update(accounts, ["password", "one_time_until"])
    _lift_locks(accounts)
    record_each("portal.reset_password", accounts, actor=actor, details=[{}] * len(accounts))
    return accounts


def _lift_locks(accounts: Sequence[User]) -> None:
    """Forget the wrong tries of the accounts, under whatever the people typed for them."""
    names = {name for account in accounts for name in (account.username, account.phone) if name}
    typed = AccessAttempt.objects.values_list("username", flat=True).distinct()
    meant = {name for name in typed if name and (mobile_number(name) or name) in names}
    AccessAttempt.objects.filter(username__in=meant).delete()


@transaction.atomic
def remove_second_factor(*, user: User, moment: datetime, actor: User | None) -> User:
    """Take a lost second step, and the codes for want of it, off an account and return it; its open logins end.

    The password alone signs in from then on, until the person sets up another second step. Raises PersonRefused for
    one's own account, which its owner changes signed in, and when there is none to take off.
    """
    account: User = User.objects.select_for_update().get(pk=user.pk)
    if account == actor:
        raise PersonRefused("这是您自己的账号，不能自己解除；手机丢了，请另一位管理员来办。")
    steps = Authenticator.objects.filter(user=account)
    sorts = sorted(steps.values_list("type", flat=True))
    if not sorts:
        raise PersonRefused(f"{account}的账号没有两步验证，不用解除。")
    steps.delete()
    _end_logins(account, moment)
    record("portal.remove_second_factor", account, actor=actor, removed=sorts)
    return account


def _end_logins(account: User, moment: datetime) -> None:
    """Sign the account out everywhere; who it is stands in what a session holds, so each that lasts is looked into."""
    lasting = Session.objects.filter(expire_date__gt=moment).iterator()
    own = [each.pk for each in lasting if each.get_decoded().get(SESSION_KEY) == str(account.pk)]
    Session.objects.filter(pk__in=own).delete()


def open_logins(
    *, people: Sequence[Representative], moment: datetime, actor: User | None, username: str = ""
) -> list[Slip]:
    """Open a login for each of `people` with a one-time password, all or none; return the slips in 姓名笔画 order.

    `username` is the clerk's choice for a single person. The passwords are hashed before the transaction, since while
    it lasts nobody else could write. Raises PersonRefused when one of them has an account or cannot get one.
    """
    passwords = [new_password() for _ in people]
    hashes = [make_password(password) for password in passwords]
    try:
        users = _open(people=people, hashes=hashes, moment=moment, actor=actor, username=username)
    except IntegrityError:  # another clerk took a name or a number between the look and the write
        raise PersonRefused("刚才有同事也在开通账号，所以一个也没有开通，请再点一次。") from None
    return [Slip(*pair) for pair in zip(users, passwords, strict=True)]


@transaction.atomic
def _open(
    *,
    people: Sequence[Representative],
    hashes: Sequence[str],
    moment: datetime,
    actor: User | None,
    username: str,
) -> list[User]:
    wanted = Representative.objects.filter(pk__in=[person.pk for person in people])
    fresh = list(wanted.select_for_update().by_strokes())
    planned = plan_logins(fresh, User.objects.values_list("username", "phone"))
    if troubled := [plan for plan in planned if plan.trouble]:
        named = "；".join(f"{plan.person}{plan.trouble}" for plan in troubled[:NAMED])
        raise PersonRefused(f"{named}{'等' if troubled[NAMED:] else ''}。一个账号也没有开通。")
    if username:
        planned = [plan._replace(username=checked_username(username, plan.phone)) for plan in planned]
    users = User.objects.bulk_create(
        User(
            username=plan.username,
            display_name=plan.person.name,
            phone=plan.phone or None,
            password=password,
            one_time_until=moment + HOLDS,
        )
        for plan, password in zip(planned, hashes, strict=True)
    )
    for person, user in zip(fresh, users, strict=True):
        person.user = user
    Representative.objects.bulk_update(fresh, ["user"])
    for user, person in zip(users, fresh, strict=True):
        user.representative = person
    record_each("portal.open_account", users, actor=actor, details=[{"representative": p.pk} for p in fresh])
    return users


@transaction.atomic
def link_account(*, person: Representative, user: User, actor: User | None) -> None:
    """Let an account that has no person be the person's own; raises PersonRefused when either has another."""
    locked = Representative.objects.select_for_update().get(pk=person.pk)
    account: User = User.objects.select_for_update().get(pk=user.pk)
    if locked.user_id:
        raise PersonRefused(f"{locked}{HAS_ONE}，没有再关联。")
    if Representative.objects.filter(user=account).exists():
        raise PersonRefused("这个账号已经是另一位代表的，没有关联。")
    locked.user = account
    locked.save(update_fields=["user"])
    record("portal.link_account", locked, actor=actor, account=account.pk)


@transaction.atomic
def unlink_account(*, person: Representative, actor: User | None) -> None:
    """Take the account off the person: it stays, with what it did, and is nobody's; twice is once."""
    locked = Representative.objects.select_for_update().get(pk=person.pk)
    if locked.user_id is None:
        return
    account, locked.user = locked.user_id, None
    locked.save(update_fields=["user"])
    record("portal.unlink_account", locked, actor=actor, account=account)
