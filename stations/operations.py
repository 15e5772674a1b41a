"""Every write of people and places, one verb each."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from portal.accounts import mobile_number
from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from stations.models import (
    Area,
    AreaGrant,
    DeputyGroup,
    GroupMembership,
    Mandate,
    MandateTag,
    ReceptionDay,
    ReceptionDuty,
    Representative,
    RosterEntry,
    Station,
    Term,
)
from stations.names import clean_name, initials, pinyin, stroke_key


class PersonRefused(ValueError):
    """What was asked for a person or place cannot be done; the message says why and what to do instead."""


@transaction.atomic
def add_area(*, code: str, name: str, level: str, parent: Area | None) -> Area:
    """Add a node to the tree of areas; a code stands once."""
    node = Area(code=code, name=name.strip(), level=level)
    area: Area = parent.add_child(instance=node) if parent else Area.add_root(instance=node)
    return area


@transaction.atomic
def open_account(
    *, username: str, display_name: str, password: str | None = None, phone: str = "", actor: User | None
) -> User:
    """Open an account and return it; without a password nobody can log in until one is set.

    Raises PersonRefused when the number is no mobile number or is taken.
    """
    number = mobile_number(phone) if phone else ""
    if phone and not number:
        raise PersonRefused("手机号应为 11 位数字。")
    if number and User.objects.filter(phone=number).exists():
        raise PersonRefused("这个手机号已经登记在另一个账号上，请核对。")
    user = User(username=username, display_name=display_name, phone=number or None)
    user.set_password(password)
    user.save()
    record("portal.open_account", user, actor=actor)
    return user


@transaction.atomic
def grant(*, user: User, area: Area, role: str, actor: User | None) -> AreaGrant:
    """Give a person a role in a branch of the tree; twice is once."""
    row, created = AreaGrant.objects.get_or_create(user=user, area=area, role=role)
    if created:
        record("portal.grant", user, actor=actor, role=str(role), area=area.code)
    return row


@transaction.atomic
def register_representative(
    *,
    name: str,
    sex: str,
    term: Term,
    area: Area,
    starts_on: date,
    actor: User | None,
    nation: str = "汉族",
    occupation: str = "",
    electing_unit: str = "",
    birth_date: date | None = None,
    phone: str = "",
    group: DeputyGroup | None = None,
    tags: Iterable[str] = (),
    user: User | None = None,
    compile_consent: bool = False,
) -> Mandate:
    """Register a person with a mandate, and a place in a group when one is named; return the mandate.

    Two people of one name are two rows, never merged (THREATS 44). Raises PersonRefused for an empty name, a bad
    number, or a start outside the term.
    """
    name = clean_name(name)
    if not name:
        raise PersonRefused("请填写姓名。")
    if phone and not mobile_number(phone):
        raise PersonRefused(f"{name}的手机号应为 11 位数字。")
    if starts_on < term.starts_on or (term.ends_on and starts_on > term.ends_on):
        raise PersonRefused(f"{name}的任期开始日不在{term}之内。")
    person = Representative.objects.create(
        name=name,
        stroke_key=stroke_key(name),
        pinyin=pinyin(name),
        initials=initials(name),
        sex=sex,
        nation=nation,
        occupation=occupation,
        birth_date=birth_date,
        phone=mobile_number(phone),
        user=user,
        compile_consent=compile_consent,
    )
    mandate = Mandate.objects.create(
        representative=person, term=term, area=area, electing_unit=electing_unit, starts_on=starts_on
    )
    MandateTag.objects.bulk_create([MandateTag(mandate=mandate, code=code) for code in sorted(set(tags))])
    if group:
        GroupMembership.objects.create(group=group, mandate=mandate, starts_on=starts_on)
    record("stations.register", person, actor=actor)
    return mandate


@transaction.atomic
def move_to_group(*, mandate: Mandate, group: DeputyGroup, day: date, actor: User | None) -> GroupMembership:
    """Move a representative to another group from `day` on; what was before stays as it was (rule 11)."""
    current = (
        GroupMembership.objects.select_for_update().filter(mandate=mandate, ends_on__isnull=True).first()
    )
    if current and current.group_id == group.pk:
        return current
    if current:
        if day <= current.starts_on:
            raise PersonRefused("新的小组要晚于现在小组的起始日。")
        current.ends_on = date.fromordinal(day.toordinal() - 1)
        current.save(update_fields=["ends_on"])
    membership = GroupMembership.objects.create(group=group, mandate=mandate, starts_on=day)
    record("stations.change", mandate.representative, actor=actor, group=group.name)
    return membership


@transaction.atomic
def end_mandate(*, mandate: Mandate, day: date, actor: User | None) -> Mandate:
    """End a mandate on `day` (the last day in office) by a human decision; closed rolls stay as they are."""
    if day < mandate.starts_on:
        raise PersonRefused("离任日不能早于任期开始日。")
    mandate.ends_on = day
    mandate.save(update_fields=["ends_on"])
    GroupMembership.objects.filter(mandate=mandate, ends_on__isnull=True).update(ends_on=day)
    RosterEntry.objects.filter(mandate=mandate, ends_on__isnull=True).update(ends_on=day)
    record("stations.change", mandate.representative, actor=actor, ends_on=day.isoformat())
    return mandate


@transaction.atomic
def add_to_roster(
    *, station: Station, mandates: Iterable[Mandate], starts_on: date, actor: User | None, duty: str = ""
) -> int:
    """Let representatives work from a station from `starts_on` on; return how many are new on its roster."""
    there = set(
        RosterEntry.objects.on(starts_on).filter(station=station).values_list("mandate_id", flat=True)
    )
    rows = [
        RosterEntry(station=station, mandate=m, starts_on=starts_on, duty=duty)
        for m in mandates
        if m.pk not in there
    ]
    RosterEntry.objects.bulk_create(rows)
    record("stations.change", station, actor=actor, added=len(rows))
    forget_pages()
    return len(rows)


@transaction.atomic
def plan_reception(
    *,
    station: Station,
    starts_at: datetime,
    ends_at: datetime,
    mandates: Iterable[Mandate],
    actor: User | None,
    topic: str = "",
) -> ReceptionDay:
    """Announce a reception day with who receives; raises PersonRefused when it ends before it starts."""
    if ends_at <= starts_at:
        raise PersonRefused("接待结束时间要晚于开始时间。")
    day = ReceptionDay.objects.create(station=station, starts_at=starts_at, ends_at=ends_at, topic=topic)
    ReceptionDuty.objects.bulk_create([ReceptionDuty(reception_day=day, mandate=m) for m in mandates])
    record("stations.plan_reception", station, actor=actor, day=starts_at.date().isoformat())
    return day
