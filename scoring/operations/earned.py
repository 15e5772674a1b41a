"""Writes of what earns beside attendance: proposals and media reports; honours.py has the honours."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from scoring.models import MediaReport, MediaReportSubject, Outlet, Proposal, ProposalMover
from scoring.operations.locked import refuse_locked_facts, refuse_out_of_office
from scoring.operations.refused import EarnedRefused, refuse_judging
from stations.models import Mandate

STORY = 80  # characters of MediaReport.story


def canonical_link(url: str) -> str:
    """Return what makes two addresses the same page: host without www., path without trailing slash, query.

    Scheme, port 80/443, fragment and the tracking parameters of share buttons do not count.
    """
    parts = urlsplit(url.strip())
    if not parts.hostname:
        return ""
    host = parts.hostname.lower().removeprefix("www.").removeprefix("m.")
    kept = [
        p
        for p in parts.query.split("&")
        if p and not p.lower().startswith(("utm_", "from=", "share", "spm="))
    ]
    query = "?" + "&".join(sorted(kept)) if kept else ""
    return f"{host}{parts.path.rstrip('/') or '/'}{query}"


def new_link(url: str, *, besides: MediaReport | None = None) -> str:
    """Return the canonical form of a report's address, empty for none (1 query, else none).

    Raises EarnedRefused when it is no web address (a `javascript:` link would run on the public page), or when a
    report other than `besides` has it, which then is the refusal's `first`.
    """
    if not url.strip():
        return ""
    link = canonical_link(url)
    if not link or urlsplit(url.strip()).scheme not in {"http", "https"}:
        raise EarnedRefused("链接要以 http:// 或 https:// 开头，请从浏览器的地址栏复制。")
    first = MediaReport.objects.filter(canonical_url=link).exclude(pk=besides.pk if besides else None).first()
    if first:
        raise EarnedRefused(
            f"这个链接已经登记过：《{first.title}》（{first.published_on:%Y-%m-%d}）。", first
        )
    return link


def own_story(link: str, outlet: Outlet | None, published_on: date, title: str) -> str:
    """Return the word of a report that is a story by itself; within the 80 characters of the column."""
    whole = link or f"{outlet.pk if outlet else title[:20]}-{published_on:%Y%m%d}-{title.strip()}"
    # A long address is cut at its end, where the differences stand: a digest keeps two of them apart.
    return whole if len(whole) <= STORY else f"{whole[:63]}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


@transaction.atomic
def add_outlet(*, name: str, level: str, medium: str, actor: User | None) -> Outlet:
    """Add an outlet to the directory; its level decides the bonus of its reports. Raises EarnedRefused for a known one."""
    if Outlet.objects.filter(name=name.strip()).exists():
        raise EarnedRefused(f"“{name.strip()}”已经在媒体名录里。")
    outlet = Outlet.objects.create(name=name.strip(), level=level, medium=medium)
    record("scoring.record", outlet, actor=actor)
    return outlet


@transaction.atomic
def report_media(
    *,
    title: str,
    outlet: Outlet,
    published_on: date,
    mandates: Iterable[Mandate],
    actor: User | None,
    url: str = "",
    story: str = "",
    form: str = "",
    clipping: Any = None,
) -> MediaReport:
    """Enter a media report, unverified, and return it. It earns nothing until the office has verified it.

    `story` is the word that reports of the same story share; without one the report is its own story; `clipping`
    is a picture of the library. Raises EarnedRefused without a person, for a day outside a person's mandate, for an
    address that is no web page, or when the same link was entered before (with `first`, the earlier one); FactsLocked
    for a day that was handed up.
    """
    people = list(mandates)
    if not people:
        raise EarnedRefused("请选择这篇报道写的是哪一位代表。")
    refuse_out_of_office(people, published_on)
    refuse_locked_facts(people, [published_on])
    link = new_link(url)
    try:
        with transaction.atomic():
            report = MediaReport.objects.create(
                title=title.strip(),
                outlet=outlet,
                published_on=published_on,
                url=url.strip(),
                canonical_url=link,
                story=story.strip() or own_story(link, outlet, published_on, title),
                form=form.strip(),
                clipping=clipping,
            )
    except IntegrityError:  # two clerks at once
        raise EarnedRefused(
            "这个链接刚刚登记过，请看列表。", MediaReport.objects.get(canonical_url=link)
        ) from None
    MediaReportSubject.objects.bulk_create(
        [MediaReportSubject(report=report, mandate=m) for m in dict.fromkeys(people)]
    )
    record("scoring.record", report, actor=actor)
    return report


def people_of(report: MediaReport) -> list[Mandate]:
    """Return the mandates a report is about (1 query)."""
    return list(Mandate.objects.filter(media_reports__report=report))


@transaction.atomic
def verify_report(
    *, report: MediaReport, actor: User, moment: datetime, story: str | None = None
) -> MediaReport:
    """Verify a report: from now on it is public and earns by the standard, once per story.

    The verifier may set `story` when the same story ran elsewhere. Raises EarnedRefused for one's own story, for what
    one handed in, for what was withdrawn, and without an outlet; FactsLocked for a day that was handed up.
    """
    report = MediaReport.objects.select_for_update().get(pk=report.pk)
    if report.subjects.filter(mandate__representative__user=actor).exists():
        raise EarnedRefused("这篇报道写的是您本人，请由另一位同事核实。")
    refuse_judging(report, actor)
    if report.outlet_id is None:
        raise EarnedRefused("还没有选定媒体：请先在名录里登记这家媒体，再在报道里选上，然后核实。")
    refuse_locked_facts(people_of(report), [report.published_on])
    if story:
        report.story = story.strip()
    report.state, report.verified_at, report.verified_by = MediaReport.State.VERIFIED, moment, actor
    report.save(update_fields=["state", "verified_at", "verified_by", "story"])
    record("scoring.verify_report", report, actor=actor)
    forget_pages()
    return report


@transaction.atomic
def reject_report(*, report: MediaReport, actor: User, moment: datetime, note: str) -> MediaReport:
    """Set a report aside with a note for who entered it.

    Raises EarnedRefused without a note, FactsLocked for a verified one of a day that was handed up.
    """
    if not note.strip():
        raise EarnedRefused("请写明未采用的原因。")
    report = MediaReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    refuse_judging(report, actor)
    if report.state == MediaReport.State.VERIFIED:  # what never counted may be set aside at any time
        refuse_locked_facts(people_of(report), [report.published_on])
    report.state, report.note = MediaReport.State.REJECTED, note.strip()
    report.verified_at, report.verified_by = moment, actor
    report.save(update_fields=["state", "note", "verified_at", "verified_by"])
    record("scoring.reject_report", report, actor=actor)
    forget_pages()
    return report


def check_movers(movers: Mapping[Mandate, str]) -> None:
    """Raise EarnedRefused without a mover, with a sole mover among several, or with several leads."""
    roles = list(movers.values())
    if not roles:
        raise EarnedRefused("请填写提出人。")
    if len(roles) > 1 and ProposalMover.Role.SOLE in roles:
        raise EarnedRefused("有几位提出人时，请写明领衔和附议，不能写独立提出。")
    if roles.count(ProposalMover.Role.LEAD) > 1:
        raise EarnedRefused("领衔人只能有一位，其余的请写附议。")


@transaction.atomic
def add_proposal(
    *,
    title: str,
    ref: str,
    submitted_on: date,
    movers: Mapping[Mandate, str],
    actor: User | None,
    filed: bool = True,
    fine: bool = False,
    key: bool = False,
) -> Proposal:
    """Enter a bill or suggestion with its movers ({mandate: sole | lead | co}) and return it.

    Raises EarnedRefused without a mover, with a sole mover among several, for a day outside a mover's mandate, or when
    `ref` is taken; FactsLocked for a day that was handed up.
    """
    check_movers(movers)
    refuse_out_of_office(movers, submitted_on)
    refuse_locked_facts(movers, [submitted_on])
    ref = ref.strip()
    if Proposal.objects.filter(ref=ref).exists():
        raise EarnedRefused(f"编号 {ref} 已经登记过，请核对。")
    proposal = Proposal.objects.create(
        title=title.strip(), ref=ref, submitted_on=submitted_on, filed=filed, fine=fine, key=key
    )
    ProposalMover.objects.bulk_create(
        [ProposalMover(proposal=proposal, mandate=mandate, role=role) for mandate, role in movers.items()]
    )
    record("scoring.record", proposal, actor=actor)
    return proposal
