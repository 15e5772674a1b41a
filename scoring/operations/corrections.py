"""Changes and removals of what earns beside attendance; live sheets follow by themselves, frozen ones never do."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from scoring.models import MediaReport, MediaReportSubject, Outlet, Proposal, ProposalMover, Year
from scoring.operations.earned import check_movers, new_link, own_story, people_of
from scoring.operations.locked import refuse_locked_facts, refuse_out_of_office
from scoring.operations.refused import EarnedRefused, FactsLocked
from stations.models import Mandate

State = MediaReport.State
UNDER_REVIEW = (Year.State.REVIEWING, Year.State.PUBLICISED)


@transaction.atomic
def change_outlet(*, outlet: Outlet, name: str, level: str, medium: str, actor: User) -> Outlet:
    """Change an outlet; another level moves the points of all its reports.

    Raises EarnedRefused for a known name, and FactsLocked for another level while a year that counts a report of
    the outlet is under review: what was submitted must not move. Frozen sheets keep what they say in any case.
    """
    outlet = Outlet.objects.select_for_update().get(pk=outlet.pk)
    if Outlet.objects.filter(name=name.strip()).exclude(pk=outlet.pk).exists():
        raise EarnedRefused(f"“{name.strip()}”已经在媒体名录里。")
    old = outlet.level
    under_review = _year_under_review(outlet) if level != old else None
    if under_review:
        raise FactsLocked(
            f"{under_review}正在审核，其中有{outlet.name}的报道；请在年度确认以后再改级别，名称和类型可以现在改。"
        )
    outlet.name, outlet.level, outlet.medium = name.strip(), level, medium
    outlet.save()
    record("scoring.record", outlet, actor=actor, step="change", level=[old, level])
    return outlet


def _year_under_review(outlet: Outlet) -> Year | None:
    """Return a year between submission and confirmation that counts a report of this outlet (1 query)."""
    reports = MediaReport.objects.filter(outlet=outlet, state=State.VERIFIED)
    within = reports.filter(published_on__range=(OuterRef("starts_on"), OuterRef("ends_on")))
    return Year.objects.filter(Exists(within), state__in=UNDER_REVIEW).order_by("label").first()


@transaction.atomic
def change_report(
    *,
    report: MediaReport,
    title: str,
    outlet: Outlet,
    published_on: date,
    mandates: Iterable[Mandate],
    actor: User,
    url: str = "",
    story: str = "",
    form: str = "",
    clipping: Any = None,
) -> MediaReport:
    """Change a report and return it.

    What the verification vouched for (outlet, day, people, link) takes a verified report back to `submitted`:
    it earns and is public again once it was verified anew. Raises EarnedRefused as report_media does.
    """
    people = list(dict.fromkeys(mandates))
    if not people:
        raise EarnedRefused("请选择这篇报道写的是哪一位代表。")
    report = MediaReport.objects.select_for_update().get(pk=report.pk)
    refuse_out_of_office(people, published_on)
    refuse_locked_facts([*people, *people_of(report)], [published_on, report.published_on])
    link = new_link(url, besides=report)
    known = set(report.subjects.values_list("mandate_id", flat=True))
    vouched = (report.outlet_id, report.published_on, report.canonical_url, known)
    again = vouched != (outlet.pk, published_on, link, {mandate.pk for mandate in people})
    report.title, report.outlet, report.published_on = title.strip(), outlet, published_on
    report.url, report.canonical_url = url.strip(), link
    report.story = story.strip() or own_story(link, outlet, published_on, title)
    report.form, report.clipping = form.strip(), clipping
    if again and report.state == State.VERIFIED:
        report.state, report.verified_at, report.verified_by = State.SUBMITTED, None, None
    report.save()
    report.subjects.exclude(mandate__in=people).delete()
    MediaReportSubject.objects.bulk_create(
        [MediaReportSubject(report=report, mandate=mandate) for mandate in people if mandate.pk not in known]
    )
    record("scoring.record", report, actor=actor, step="change")
    forget_pages()
    return report


def movers_of(proposal: Proposal) -> list[Mandate]:
    """Return the mandates of who moved a proposal (1 query)."""
    return list(Mandate.objects.filter(proposals__proposal=proposal))


@transaction.atomic
def change_proposal(
    *,
    proposal: Proposal,
    title: str,
    ref: str,
    submitted_on: date,
    movers: Mapping[Mandate, str],
    actor: User,
    filed: bool = True,
    fine: bool = False,
    key: bool = False,
) -> Proposal:
    """Change a proposal and its movers and return it. Raises EarnedRefused as add_proposal does."""
    check_movers(movers)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    refuse_out_of_office(movers, submitted_on)
    refuse_locked_facts([*movers, *movers_of(proposal)], [submitted_on, proposal.submitted_on])
    ref = ref.strip()
    if Proposal.objects.filter(ref=ref).exclude(pk=proposal.pk).exists():
        raise EarnedRefused(f"编号 {ref} 已经登记过，请核对。")
    proposal.title, proposal.ref, proposal.submitted_on = title.strip(), ref, submitted_on
    proposal.filed, proposal.fine, proposal.key = filed, fine, key
    proposal.save()
    # A mover who stays keeps the row, and with it the line of the sheet that names it.
    proposal.movers.exclude(mandate__in=list(movers)).delete()
    for mandate, role in movers.items():
        ProposalMover.objects.update_or_create(proposal=proposal, mandate=mandate, defaults={"role": role})
    record("scoring.record", proposal, actor=actor, step="change")
    return proposal


@transaction.atomic
def remove_proposal(*, proposal: Proposal, actor: User) -> None:
    """Remove a proposal that was entered by mistake; the log keeps its number.

    Raises FactsLocked for a day that was handed up.
    """
    refuse_locked_facts(movers_of(proposal), [proposal.submitted_on])
    record("scoring.record", proposal, actor=actor, step="remove", ref=proposal.ref)
    proposal.delete()
