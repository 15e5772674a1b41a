"""Writes of standards: a file becomes a draft, a draft is adopted or discarded; what was adopted is never edited."""

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from scoring.assessments import assessed_items, assessors_of
from scoring.models import Standard
from scoring.models.assessments import Assessor
from scoring.standard_file import StandardFile, dump, items_without_source, load, run_cases

NAMED = 5  # items or cases that a refusal names


class StandardRefused(ValueError):
    """The version cannot be used or removed; the message says why and what to do instead."""


@transaction.atomic
def store_standard(*, text: str, actor: User | None, is_example: bool = False) -> Standard:
    """Store a standard file, with its cases, as a draft and return it; the same content again is the stored version.

    Raises InvalidStandard (with line and key) when the file is no valid standard. One that is not ready for use may
    be stored: what is missing is told when it is to be adopted.
    """
    loaded = load(text)
    canonical = dump(loaded.standard, loaded.cases)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    code = loaded.standard.code
    versions = Standard.objects.select_for_update().filter(code=code).order_by("-version")
    known: list[Standard] = [version for version in versions if version.digest == digest]
    if known:
        return known[0]
    standard = Standard.objects.create(
        code=code,
        version=versions[0].version + 1 if versions else 1,
        title=loaded.standard.title,
        text=canonical,
        digest=digest,
        is_example=is_example,
        stored_by=actor,
    )
    record("scoring.store_standard", standard, actor=actor, digest=digest)
    return standard


@transaction.atomic
def adopt_standard(*, standard: Standard, effective_from: date, actor: User, moment: datetime) -> Standard:
    """Adopt a draft from a day on: years may be graded by it, and nobody can edit it any more.

    The version in force before ends on the day before. Raises StandardRefused for what cannot be used (an item
    without source, a case that does not hold, another subject than representatives), for a day on which a later
    version begins, and when who uploaded it adopts it: two people vouch for a standard, except for an example's.
    """
    versions = (
        Standard.objects.select_for_update().filter(code=standard.code).order_by("effective_from", "pk")
    )
    standard = next(version for version in versions if version.pk == standard.pk)
    if standard.adopted_at:
        raise StandardRefused(f"{standard}已经启用，不用再启用一次。")
    if standard.stored_by_id == actor.pk and not standard.is_example:
        raise StandardRefused("上传和启用不能是同一个人，请由另一位同事核对以后启用。")
    obstacle = next(iter(obstacles(load(standard.text))), None)
    if obstacle:
        raise StandardRefused(obstacle)
    _end_former(list(versions), effective_from)
    standard.effective_from, standard.adopted_at, standard.adopted_by = effective_from, moment, actor
    standard.save(update_fields=["effective_from", "adopted_at", "adopted_by"])
    record("scoring.adopt_standard", standard, actor=actor, effective_from=effective_from.isoformat())
    forget_pages()
    return standard


@transaction.atomic
def discard_standard(*, standard: Standard, actor: User) -> None:
    """Remove a draft. Raises StandardRefused for an adopted version."""
    standard = Standard.objects.select_for_update().get(pk=standard.pk)
    if standard.adopted_at:
        raise StandardRefused(f"{standard}已经启用，不能删除。")
    record("scoring.discard_standard", standard, actor=actor, digest=standard.digest)
    standard.delete()


def obstacles(loaded: StandardFile) -> list[str]:
    """Return why a standard cannot be used yet, each with what to do; empty when it can."""
    said = (
        []
        if loaded.standard.subject == "representative"
        else ["这份标准评的不是代表个人（subject），可以核对，不能用于年度考评。"]
    )
    without = items_without_source(loaded.standard)
    if without:
        names = "、".join(item.name for item in without[:NAMED])
        said.append(f"有 {len(without)} 个小项没有写来源（{names}），请在文件里补上 sources 再上传。")
    strangers = sorted(
        {
            word
            for item in assessed_items(loaded.standard)
            for word in assessors_of(item)
            if word not in Assessor.values
        }
    )
    if strangers:
        known = "、".join(f"{value}（{label}）" for value, label in Assessor.choices)
        said.append(f"不认识的评定人（{'、'.join(strangers)}），assessor 可以写：{known}。")
    failed = [result for result in run_cases(loaded) if not result.passed]
    if failed:
        names = "、".join(result.case.name for result in failed[:NAMED])
        said.append(f"有 {len(failed)} 个算例与标准不符（{names}），请改正标准或算例再上传。")
    return said


def _end_former(versions: list[Standard], first_day: date) -> None:
    """End the version in force on the eve of `first_day`; refuse a day that another version already has."""
    adopted = [version for version in versions if version.adopted_at]
    later = next((version for version in adopted if version.effective_from >= first_day), None)  # type: ignore[operator]
    if later:
        raise StandardRefused(
            f"第 {later.version} 版从 {later.effective_from:%Y-%m-%d} 起生效，两版的日期不能交叉；"
            "请选更晚的生效日期。"
        )
    eve = first_day - timedelta(days=1)
    for version in adopted:
        if version.effective_to is None or version.effective_to > eve:
            version.effective_to = eve
            version.save(update_fields=["effective_to"])
