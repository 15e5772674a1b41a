"""Writes of people: representatives with their mandates and places in groups."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction

from portal.accounts import mobile_number
from portal.audit import record
from portal.models import User
from portal.search.indexing import refresh
from stations.models import (
    Area,
    DeputyGroup,
    GroupMembership,
    Mandate,
    MandateTag,
    Representative,
    Term,
)
from stations.names import clean_name, initials, pinyin, stroke_key
from stations.operations.refusal import PersonRefused, mandate_facts_change

LONGEST_NAME = 40  # characters of Representative.name


class PrivateFacts(NamedTuple):
    """What only the office may read and write of a person."""

    phone: str
    birth_date: date | None


def _checked_name(name: str) -> str:
    cleaned = clean_name(name)
    if not cleaned:
        raise PersonRefused("请填写姓名。")
    if (
        len(cleaned) > LONGEST_NAME
    ):  # some signs become several in their plain form, so the form's own limit is not enough
        raise PersonRefused(f"姓名最多 {LONGEST_NAME} 个字，现在有 {len(cleaned)} 个，请核对。")
    return cleaned


def _checked_phone(name: str, phone: str) -> str:
    if phone and not mobile_number(phone):
        raise PersonRefused(f"{name}的手机号应为 11 位数字。")
    return mobile_number(phone)


def _name_columns(name: str) -> dict[str, str]:
    """Return what is stored of a name: itself and the keys it is ordered and found by."""
    return {
        "name": name,
        "stroke_key": stroke_key(name),
        "pinyin": pinyin(name),
        "initials": initials(name),
    }


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

    It ends with the term, where that has an end already.
    Two people of one name are two rows, never merged (THREATS 44). Raises PersonRefused for an empty name, a bad
    number, a start outside the term, and where a floor above forbids it.
    """
    name = _checked_name(name)
    number = _checked_phone(name, phone)
    if starts_on < term.starts_on or (term.ends_on and starts_on > term.ends_on):
        raise PersonRefused(f"{name}的任期开始日不在{term}之内。")
    if group and group.term_id != term.pk:
        raise PersonRefused(f"{group}不是{term}的小组。")
    person = Representative.objects.create(
        **_name_columns(name),
        sex=sex,
        nation=nation,
        occupation=occupation,
        birth_date=birth_date,
        phone=number,
        user=user,
        compile_consent=compile_consent,
    )
    mandate = Mandate.objects.create(
        representative=person,
        term=term,
        area=area,
        electing_unit=electing_unit,
        starts_on=starts_on,
        ends_on=term.ends_on,
    )
    mandate_facts_change.send(sender=Mandate, mandate=mandate, first=starts_on, last=date.max)
    MandateTag.objects.bulk_create([MandateTag(mandate=mandate, code=code) for code in sorted(set(tags))])
    if group:
        GroupMembership.objects.create(
            group=group, mandate=mandate, starts_on=starts_on, ends_on=term.ends_on
        )
    record("stations.register", person, actor=actor)
    return mandate


@transaction.atomic
def change_representative(
    *,
    mandate: Mandate,
    name: str,
    sex: str,
    nation: str,
    occupation: str,
    electing_unit: str,
    tags: Iterable[str],
    actor: User | None,
    private: PrivateFacts | None = None,
    compile_consent: bool | None = None,
) -> Mandate:
    """Change what is known of a person and of one mandate; None leaves the private facts or the consent as they are.

    The name's keys follow the name. The log says which columns changed, never their values.
    """
    person = Representative.objects.select_for_update().get(pk=mandate.representative_id)
    columns: dict[str, object] = {**_name_columns(_checked_name(name)), "sex": sex, "nation": nation}
    columns["occupation"] = occupation
    if private is not None:
        columns |= {"phone": _checked_phone(person.name, private.phone), "birth_date": private.birth_date}
    if compile_consent is not None:
        columns["compile_consent"] = compile_consent
    changed = [column for column, value in columns.items() if getattr(person, column) != value]
    for column in changed:
        setattr(person, column, columns[column])
    if changed:
        person.save(update_fields=changed)
    if mandate.electing_unit != electing_unit:
        mandate.electing_unit = electing_unit
        mandate.save(update_fields=["electing_unit"])
        changed.append("electing_unit")
        refresh(person)
    changed += _retag(mandate, set(tags))
    mandate.representative = person
    if changed:
        record("stations.change", person, actor=actor, changed=changed)
    return mandate


def _retag(mandate: Mandate, wanted: set[str]) -> list[str]:
    """Give the mandate exactly these tags; return ["tags"] when that changed anything."""
    there = set(mandate.tags.values_list("code", flat=True))
    if there == wanted:
        return []
    last = mandate.ends_on or date.max
    mandate_facts_change.send(sender=Mandate, mandate=mandate, first=mandate.starts_on, last=last)
    mandate.tags.filter(code__in=there - wanted).delete()
    MandateTag.objects.bulk_create(
        [MandateTag(mandate=mandate, code=code) for code in sorted(wanted - there)]
    )
    return ["tags"]


@transaction.atomic
def move_to_group(*, mandate: Mandate, group: DeputyGroup, day: date, actor: User | None) -> GroupMembership:
    """Move a representative to another group from `day` on; what was before stays as it was (rule 11).

    Raises PersonRefused for a group of another term and for a day outside the mandate.
    """
    if group.term_id != mandate.term_id:
        raise PersonRefused(f"{group}不是{mandate.term}的小组。")
    if day < mandate.starts_on or (mandate.ends_on and day > mandate.ends_on):
        raise PersonRefused("这一天不在代表的任期之内。")
    current = _place_of(mandate)
    if current and current.group_id == group.pk:
        return current
    if current:
        if day <= current.starts_on:
            raise PersonRefused("新的小组要晚于现在小组的起始日。")
        current.ends_on = date.fromordinal(day.toordinal() - 1)
        current.save(update_fields=["ends_on"])
    membership = GroupMembership.objects.create(
        group=group, mandate=mandate, starts_on=day, ends_on=mandate.ends_on
    )
    record("stations.change", mandate.representative, actor=actor, group=group.name)
    return membership


@transaction.atomic
def leave_group(*, mandate: Mandate, day: date, actor: User | None) -> None:
    """Take a representative out of the group from `day` on, into no other; what was before stays (rule 11).

    Raises PersonRefused for a day on which the place in the group has not lasted a day yet.
    """
    current = _place_of(mandate)
    if current is None:
        return
    if day <= current.starts_on:
        raise PersonRefused("退出小组的日子要晚于现在小组的起始日。")
    if mandate.ends_on and day > mandate.ends_on:
        raise PersonRefused("这一天不在代表的任期之内。")
    current.ends_on = date.fromordinal(day.toordinal() - 1)
    current.save(update_fields=["ends_on"])
    record("stations.change", mandate.representative, actor=actor, group="")


def _place_of(mandate: Mandate) -> GroupMembership | None:
    """Return the mandate's place in a group, locked."""
    places = GroupMembership.objects.select_for_update(of=("self",)).lasting()
    place: GroupMembership | None = places.filter(mandate=mandate).order_by("-starts_on", "-pk").first()
    return place
