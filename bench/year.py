"""The year of the scores measurement, in a process of its own: make people and facts, then time both sides.

One standard is made of capped `count` items, so that one SQL statement with two GROUP BYs can say the same totals; the
other has every kind of rule over the same rolls and is held against the same statement, and against people's sheets.
"""

import gc
import hashlib
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
from scoring.models import Standard, Year, YearTotal  # noqa: E402
from scoring.operations import reckon_year  # noqa: E402
from scoring.sheets import live_sheets, mandates_of  # noqa: E402
from sessions.models import Activity  # noqa: E402
from stations.models import Mandate, Representative, Term  # noqa: E402
from stations.operations import add_area  # noqa: E402

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)  # a year that the demonstration city does not have
ZONE = ZoneInfo("Asia/Shanghai")
KINDS = [kind for kind, _ in Activity.Kind.choices][:15]  # one item each
PRICES = {kind: Decimal(150 + 25 * place) / 100 for place, kind in enumerate(KINDS)}
CAPS = {kind: Decimal(3 + place % 4) for place, kind in enumerate(KINDS)}
EACH = 4  # activities of a kind; everybody is on a third of all rolls: 20 facts a person
SOME = 1000  # people whose whole sheets are made
INSERT = """
INSERT INTO sharing_attendance (activity_id, representative_id, mandate_id, status, method, role, units, obliged,
    arrived_at, confirmed_at, confirmed_by_id, shared_device, claim)
SELECT a.id, m.representative_id, m.id,
    CASE WHEN (m.id * 7 + a.id * 5) %% 10 = 0 THEN 'absent' WHEN (m.id + a.id * 3) %% 7 = 0 THEN 'late' ELSE 'present' END,
    'staff_tick', 'attendee', 1, %(yes)s, a.starts_at, a.ends_at, %(who)s, %(no)s, %(claim)s
FROM stations_mandate m CROSS JOIN sharing_activity a
WHERE m.term_id = %(term)s AND a.title = '测量' AND (m.id + a.id) %% 3 = 0
"""


HEAD = (
    "format: 1\ncode: measured\ntitle: 测量用标准\nsubject: representative\nperiod: {length: year}\n"
    "bands:\n  - {name: 优秀, min: 40}\n  - {name: 其他}\n"
    "categories:\n  - code: all\n    name: 全部\n    kind: regular\n    items:\n"
)


def capped() -> str:
    """Return a standard of one capped item a kind of activity."""
    return HEAD + "".join(
        item(kind, f"{{kind: count, points: {PRICES[kind]}, max: {CAPS[kind]}}}", "[present, late]")
        for kind in KINDS
    )


def every_kind() -> str:
    """Return a standard with every kind of rule that rolls can feed, with `from`, `at_most` and tables among them."""
    rules = [
        "{kind: deduct, start: 10, by: event, points: {absent: 2.5, late: 0.5}}",
        "{kind: count, by: status, points: {present: 1.25, late: 0.5, absent: -1}, from: 2, at_most: 2}",
        "{kind: threshold, steps: [{at: 1, points: 1}, {at: 3, points: 2.5}]}",
        "{kind: target, target: 2, base: 3, per_unit: 0.75, below: true}",
        "{kind: count, by: role, points: {attendee: 1, speaker: 2}, at_most: 1}",
        "{kind: shared, points: 3, lead: 0.6}",
        "{kind: count, points: 0.7, max: 2}",
    ]
    return HEAD + "".join(item(kind, rules[place % len(rules)]) for place, kind in enumerate(KINDS))


def item(kind: str, rule: str, status: str = "[present, late, absent]") -> str:
    """Return one item in the words of the file, fed by the rolls of one kind of activity."""
    return (
        f"      - code: {kind.replace('_', '-')}\n        name: {Activity.Kind(kind).label}\n"
        f"        sources: [{{from: attendance, where: {{kind: {kind}, status: {status}}}}}]\n"
        f"        rule: {rule}\n"
    )


def use(year: Year, text: str) -> None:
    """Let the year be reckoned by this standard."""
    year.standard = Standard.objects.create(
        code="measured",
        version=Standard.objects.count() + 1,
        title="测量用标准",
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    year.save()


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
    return Year(label=FIRST.year, starts_on=FIRST, ends_on=LAST, term=term, state="open"), facts


def _closed(area: Any, who: User, number: int) -> Activity:
    starts = datetime(2024, 1, 8, 9, tzinfo=ZONE) + timedelta(days=5 * number)
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


def reckoned(year: Year) -> None:
    """Gather, tally and write everybody's total, as the portal does every night."""
    reckon_year(year=year, actor=None, moment=timezone.now())


def sheets(year: Year) -> dict[int, Decimal]:
    """Return the totals of some people, each with the whole sheet and every line turned into JSON on the way."""
    some = list(Mandate.objects.filter(term=year.term).order_by("pk").values_list("pk", flat=True)[:SOME])
    live = live_sheets(year, mandates_of(year).filter(pk__in=some))
    return {each.mandate.pk: Decimal(each.content["total"]) for each in live}


def timed(what: Callable[[Year], Any], year: Year) -> tuple[float, Any]:
    """Return the wall seconds of one run, and its answer."""
    gc.collect()
    begun = time.perf_counter()
    answer = what(year)
    return time.perf_counter() - begun, answer


def main(people: int, times: int) -> None:
    """Make the year, time both sides, insist on equal totals, print JSON."""
    call_command("migrate", verbosity=0)
    year, facts = make(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seconds: dict[str, float] = {}
    seconds["raw"], expected = min(timed(raw, year) for _ in range(3))
    for name, text in (("full", every_kind()), ("sums", capped())):
        use(year, text)
        runs = []
        for _ in range(times):
            YearTotal.objects.all().delete()
            runs.append(timed(reckoned, year)[0])
        seconds[name] = min(runs)
        totals = dict(YearTotal.objects.filter(year=year).values_list("mandate", "total"))
        seconds["sheets"], some = timed(sheets, year)
        if any(totals[mandate] != total for mandate, total in some.items()):
            raise SystemExit("reckoning and sheets do not agree on the totals")
    seconds["again"], _ = timed(reckoned, year)
    if {mandate: total for mandate, total in totals.items() if total} != expected:
        raise SystemExit("the sides do not agree on the totals")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps({"people": people, "facts": facts, "seconds": seconds, "peak_mb": peak, "some": len(some)})
    )


if __name__ == "__main__":
    timezone.activate(ZONE)
    main(int(sys.argv[1]), int(sys.argv[2]))
