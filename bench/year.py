"""The year of the scores measurement, in a process of its own: make people and facts, then time both sides.

The standard is made of capped `count` items, so that one SQL statement with two GROUP BYs can say the same totals.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- models need the settings first
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.models import User  # noqa: E402
from scoring.models import Standard, Year  # noqa: E402
from scoring.sheets import live_sheets, mandates_of  # noqa: E402
from scoring.whole.scores import scores  # noqa: E402
from sessions.models import Activity  # noqa: E402
from stations.models import Mandate, Representative, Term  # noqa: E402
from stations.operations import add_area  # noqa: E402

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
ZONE = ZoneInfo("Asia/Shanghai")
KINDS = [kind for kind, _ in Activity.Kind.choices][:15]  # one item each
PRICES = {kind: Decimal(150 + 25 * place) / 100 for place, kind in enumerate(KINDS)}
CAPS = {kind: Decimal(3 + place % 4) for place, kind in enumerate(KINDS)}
EACH = 4  # activities of a kind; everybody is on a third of all rolls: 20 facts a person
COUNTED = ("present", "late")
INSERT = """
INSERT INTO sharing_attendance (activity_id, representative_id, mandate_id, status, method, role, units, obliged,
    arrived_at, confirmed_at, confirmed_by_id, shared_device, claim)
SELECT a.id, m.representative_id, m.id,
    CASE WHEN (m.id * 7 + a.id * 5) %% 10 = 0 THEN 'absent' WHEN (m.id + a.id * 3) %% 7 = 0 THEN 'late' ELSE 'present' END,
    'staff_tick', 'attendee', 1, %(yes)s, a.starts_at, a.ends_at, %(who)s, %(no)s, %(claim)s
FROM stations_mandate m CROSS JOIN sharing_activity a
WHERE m.term_id = %(term)s AND a.title = '测量' AND (m.id + a.id) %% 3 = 0
"""


def standard() -> Standard:
    """Return a standard of one capped item a kind of activity."""
    items = "".join(
        f"      - code: {kind.replace('_', '-')}\n        name: {label}\n"
        f"        sources: [{{from: attendance, where: {{kind: {kind}, status: [present, late]}}}}]\n"
        f"        rule: {{kind: count, points: {PRICES[kind]}, max: {CAPS[kind]}}}\n"
        for kind, label in Activity.Kind.choices
        if kind in KINDS
    )
    text = (
        "format: 1\ncode: measured\ntitle: 测量用标准\nsubject: representative\nperiod: {length: year}\n"
        "bands:\n  - {name: 优秀, min: 40}\n  - {name: 其他}\n"
        f"categories:\n  - code: all\n    name: 全部\n    kind: regular\n    items:\n{items}"
    )
    return Standard(code="measured", version=1, title="测量用标准", text=text, digest="measured")


@transaction.atomic
def make(people: int) -> tuple[Year, int]:
    """Make the people, 60 closed activities and the rolls; return the year and the number of facts."""
    area = add_area(code="999998", name="示例县", level="county", parent=None)
    term = Term.objects.create(number=98, name="测量届", starts_on=date(2020, 1, 1))
    who = User.objects.create(username="bench-recorder", password="!")
    persons = Representative.objects.bulk_create(
        [Representative(name=f"示例{n}", stroke_key=f"{n:06}", sex="女") for n in range(people)]
    )
    Mandate.objects.bulk_create(
        [Mandate(representative=person, term=term, area=area, starts_on=term.starts_on) for person in persons]
    )
    Activity.objects.bulk_create(_closed(area, who, n) for n in range(len(KINDS) * EACH))
    words = {"yes": True, "no": False, "who": who.pk, "term": term.pk, "claim": "0" * 32}
    with connection.cursor() as cursor:
        cursor.execute(INSERT, words)
        facts = cursor.rowcount
    year = Year(label=2025, starts_on=FIRST, ends_on=LAST, term=term, standard=standard())
    return year, facts


def _closed(area: Any, who: User, number: int) -> Activity:
    starts = datetime(2025, 1, 6, 9, tzinfo=ZONE) + timedelta(days=5 * number)
    return Activity(
        kind=KINDS[number % len(KINDS)],
        title="测量",
        area=area,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        state="closed",
        closed_at=starts + timedelta(hours=3),
        closed_by=who,
    )


def raw(year: Year) -> dict[int, Decimal]:
    """Return everybody's total by one statement: GROUP BY (person, item) with caps, then GROUP BY person."""
    least = "MIN" if connection.vendor == "sqlite" else "LEAST"
    price = " ".join(f"WHEN '{kind}' THEN {int(PRICES[kind] * 100)}" for kind in KINDS)
    cap = " ".join(f"WHEN '{kind}' THEN {int(CAPS[kind] * 100)}" for kind in KINDS)
    sql = f"""
    SELECT mandate_id, SUM(points) FROM (
        SELECT t.mandate_id, {least}(SUM(t.units) * CASE a.kind {price} END, CASE a.kind {cap} END) AS points
        FROM sharing_attendance t JOIN sharing_activity a ON a.id = t.activity_id
        WHERE a.state = 'closed' AND t.confirmed_at IS NOT NULL AND t.status IN ('present', 'late')
            AND a.starts_at >= %s AND a.starts_at < %s
            AND t.mandate_id IN (SELECT id FROM stations_mandate WHERE term_id = %s)
        GROUP BY t.mandate_id, a.kind
    ) AS items GROUP BY mandate_id
    """
    ends = [datetime.combine(day, datetime.min.time(), ZONE) for day in (FIRST, LAST + timedelta(days=1))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(connection.ops.adapt_datetimefield_value(end) for end in ends), year.term_id])
        return {mandate: Decimal(points) / 100 for mandate, points in cursor.fetchall()}


def sums(year: Year) -> dict[int, Decimal]:
    """Return everybody's total as the portal reckons it: gather and tally."""
    return {score.mandate: score.total for score in scores(year, mandates_of(year))}


def sheets(year: Year) -> dict[int, Decimal]:
    """Return everybody's total, the whole sheet with every line turned into JSON on the way."""
    return {live.mandate.pk: Decimal(live.content["total"]) for live in live_sheets(year, mandates_of(year))}


def timed(
    what: Callable[[Year], dict[int, Decimal]], year: Year, times: int
) -> tuple[float, dict[int, Decimal]]:
    """Return the least wall seconds of several runs, and the totals above 0."""
    best, totals = float("inf"), {}
    for _ in range(times):
        gc.collect()
        begun = time.perf_counter()
        totals = what(year)
        best = min(best, time.perf_counter() - begun)
    return best, {mandate: total for mandate, total in totals.items() if total}


def main(people: int, times: int) -> None:
    """Make the year, time both sides, insist on equal totals, print JSON."""
    call_command("migrate", verbosity=0)
    year, facts = make(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seconds, totals = {}, {}
    for side, much in ((raw, 3), (sums, times), (sheets, times)):
        seconds[side.__name__], totals[side.__name__] = timed(side, year, much)
    if not totals["raw"] == totals["sums"] == totals["sheets"]:
        raise SystemExit("the sides do not agree on the totals")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"people": people, "facts": facts, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    timezone.activate(ZONE)
    if "--profile" in sys.argv:
        import cProfile

        call_command("migrate", verbosity=0)
        made, _ = make(int(sys.argv[1]))
        cProfile.run("sums(made)", sort="tottime")
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
