"""Bright ideas come in and are judged: submit, enter, release, decline. Each step is a line of the idea's history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Idea, IdeaAuthor, IdeaEvent
from sessions.operations.questions import AGAIN, AN_HOUR, HOUR, TooMany, VoiceRefused
from stations.models import Area, Mandate, Representative

State, Kind = Idea.State, IdeaEvent.Kind
NO_IDEAS = (Activity.State.DRAFT, Activity.State.CANCELLED)


@transaction.atomic
def submit_idea(
    *,
    representative: Representative,
    title: str,
    text: str,
    moment: datetime,
    joint: Sequence[Representative] = (),
    activity: Activity | None = None,
    theme: str = "",
    nonce: str = "",
) -> Idea:
    """Take a representative's idea, alone or with `joint` authors, and return it, waiting for its release.

    With an activity the idea belongs to that activity's area, without one to the area of the author's seat. The
    same nonce with the same words returns the first idea (THREATS 18); so does the same idea under a new nonce for
    ten minutes, while nobody has judged it. Raises VoiceRefused without a mandate in
    force, for a draft or cancelled activity, or when the nonce came with other words, and TooMany after ten in
    an hour.
    """
    Representative.objects.select_for_update(no_key=True).get(pk=representative.pk)
    first: Idea | None = Idea.objects.filter(submitted_by=representative, nonce=nonce).first()
    if nonce and first:
        return _same_words(first, title, text)
    if again := _sent_again(representative, activity, title, text, theme, joint, moment):
        return again
    if Idea.objects.filter(submitted_by=representative, submitted_at__gt=moment - HOUR).count() >= AN_HOUR:
        raise TooMany(f"一小时内最多提交 {AN_HOUR} 条金点子，请过一会儿再提。您写的内容还在。")
    idea = _create(
        area=activity.area if activity else _seat(representative, moment),
        activity=activity,
        submitted_by=representative,
        title=title.strip(),
        text=text.strip(),
        theme=theme.strip() or (activity.theme if activity else ""),
        submitted_at=moment,
        nonce=nonce[:64],
        actor=representative.user,
    )
    _sign(idea, [representative, *joint])
    return idea


@transaction.atomic
def enter_idea(
    *,
    activity: Activity,
    title: str,
    text: str,
    moment: datetime,
    actor: User | None,
    authors: Sequence[Representative] = (),
    guest_name: str = "",
    theme: str = "",
    nonce: str = "",
) -> Idea:
    """Enter an idea that was handed in on paper at a session, of representatives, a guest or both, and return it.

    The same nonce with the same words returns the first idea. Raises VoiceRefused without anybody's name, for a
    draft or cancelled activity, or when the nonce came with other words.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    entered = Idea.objects.filter(activity=activity, submitted_by=None)
    if nonce and (first := entered.filter(nonce=nonce).first()):
        return _same_words(first, title, text)
    if not authors and not guest_name.strip():
        raise VoiceRefused("请写明是谁提出的：代表的姓名，或者来宾的称呼。")
    idea = _create(
        area=activity.area,
        activity=activity,
        guest_name=guest_name.strip(),
        title=title.strip(),
        text=text.strip(),
        theme=theme.strip() or activity.theme,
        submitted_at=moment,
        nonce=nonce[:64],
        actor=actor,
    )
    _sign(idea, authors)
    return idea


def _same_words(first: Idea, title: str, text: str) -> Idea:
    if (first.title, first.text) != (title.strip(), text.strip()):
        raise VoiceRefused("这张表单刚才已经提交过，内容不同。确实要再提一条，请再点一次提交。")
    return first


def _sent_again(
    representative: Representative,
    activity: Activity | None,
    title: str,
    text: str,
    theme: str,
    joint: Sequence[Representative],
    moment: datetime,
) -> Idea | None:
    """Return what the author sent a moment ago with the same words, theme and authors, and nobody has judged yet."""
    sent = Idea.objects.filter(submitted_by=representative, state=State.SUBMITTED, duplicate_of=None)
    again: Idea | None = sent.filter(
        activity=activity,
        title=title.strip(),
        text=text.strip(),
        theme=theme.strip() or (activity.theme if activity else ""),
        submitted_at__gt=moment - AGAIN,
    ).first()
    authors = {representative.pk, *(person.pk for person in joint)}
    return again if again and {key for key, _ in again.authors} == authors else None


def _sign(idea: Idea, people: Sequence[Representative]) -> None:
    keys = dict.fromkeys(person.pk for person in people)
    IdeaAuthor.objects.bulk_create(
        IdeaAuthor(idea=idea, representative_id=key, position=place) for place, key in enumerate(keys)
    )


def _create(*, activity: Activity | None, actor: User | None, **columns: Any) -> Idea:
    if activity:
        state = Activity.objects.values_list("state", flat=True).get(pk=activity.pk)
        if state in NO_IDEAS:
            label = Activity.State(state).label
            raise VoiceRefused(f"这场活动{label}，不能收金点子。可以不选活动，直接提交。")
    idea: Idea = Idea.objects.create(activity=activity, **columns)
    note(idea, Kind.SUBMITTED, moment=idea.submitted_at, actor=actor)
    record("sharing.submit_idea", idea, actor=actor)
    return idea


def _seat(representative: Representative, moment: datetime) -> Area:
    day = timezone.localdate(moment)
    mandates = Mandate.objects.on(day).filter(representative=representative).select_related("area")
    mandate = mandates.order_by("-starts_on").first()
    if mandate is None:
        raise VoiceRefused("您现在没有在任的代表身份，请联系代表工作委员会核对。")
    area: Area = mandate.area
    return area


@transaction.atomic
def release_ideas(*, ideas: Iterable[Idea], moment: datetime, actor: User | None) -> int:
    """Make ideas public, each with a number of its year, and return how many; releasing twice changes nothing.

    A merged idea is not released by itself: its head stands for it. Drops the stored pages.
    """
    # One lock for all numbers: without it two offices that release at once would both take the next one.
    Area.objects.filter(depth=1).order_by("path").select_for_update(no_key=True).first()
    rows = _lock(ideas).exclude(state=State.RELEASED).filter(duplicate_of=None)
    released = list(rows.order_by("submitted_at", "pk"))
    for idea in released:
        old = idea.state
        if idea.number is None:
            idea.year = timezone.localtime(idea.submitted_at).year
            idea.number = (Idea.objects.filter(year=idea.year).aggregate(n=Max("number"))["n"] or 0) + 1
        idea.state, idea.reason = State.RELEASED, ""
        idea.save(update_fields=["state", "reason", "year", "number"])
        note(idea, Kind.RELEASED, moment=moment, actor=actor, old=old, new=State.RELEASED)
        record("sharing.judge_idea", idea, actor=actor, verdict="released")
    if released:
        forget_pages()
    return len(released)


@transaction.atomic
def decline_ideas(*, ideas: Iterable[Idea], reason: str, moment: datetime, actor: User | None) -> int:
    """Decline ideas, also released ones, which thereby leave the public pages, and return how many changed.

    The authors read the reason. Raises VoiceRefused without one.
    """
    reason = reason.strip()
    if not reason:
        raise VoiceRefused("请写明不公开的原因，提出人会看到。")
    declined = list(_lock(ideas).exclude(state=State.DECLINED).filter(duplicate_of=None))
    was_public = any(idea.state == State.RELEASED for idea in declined)
    for idea in declined:
        old, idea.state, idea.reason = idea.state, State.DECLINED, reason
        idea.save(update_fields=["state", "reason"])
        note(idea, Kind.DECLINED, moment=moment, actor=actor, old=old, new=State.DECLINED, text=reason)
        record("sharing.judge_idea", idea, actor=actor, verdict="declined")
    if was_public:
        forget_pages()
    return len(declined)


def _lock(ideas: Iterable[Idea]) -> Any:
    keys = [idea.pk for idea in ideas]
    return Idea.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")


def note(idea: Idea, kind: str, *, moment: datetime, actor: User | None, **more: Any) -> None:
    """Write one line of the idea's history; without `happened_on` it happened on the day of `moment`."""
    happened_on = more.pop("happened_on", None) or timezone.localdate(moment)
    IdeaEvent.objects.create(
        idea=idea, kind=kind, happened_on=happened_on, recorded_at=moment, actor=actor, **more
    )
