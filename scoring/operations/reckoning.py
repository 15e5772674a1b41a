"""The totals of a running year, remembered: everybody's in one transaction, only what moved is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portal.audit import record
from portal.models import User
from scoring.models import Year, YearTotal
from scoring.operations.year_settings import YearRefused
from scoring.sheets import mandates_of
from scoring.whole.scores import scores

AT_ONCE = 20_000
KEY = ("year_id", "mandate_id")
FIGURES = ("total", "band", "before", "band_before", "moved_at")
Moved = tuple[Any, ...]  # a row: the values of KEY and FIGURES
EVERY = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a reckoning found: how many people it graded, of how many total or band moved, how many left the list."""

    people: int
    moved: int
    gone: int


@transaction.atomic
def reckon_year(
    *, year: Year, actor: User | None, moment: datetime, progress: Progress | None = None
) -> Reckoned:
    """Reckon everybody's total of a running year and remember it; `progress` is told (done, all) now and then.

    All or nothing: after an interruption the old totals stand, and reckoning again comes to the same as if nothing
    had happened (THREATS 25). Raises YearRefused for a confirmed year, whose sheets are frozen.
    """
    year = Year.objects.select_for_update(of=("self",)).select_related("standard").get(pk=year.pk)
    if year.state in {Year.State.CONFIRMED, Year.State.NOTIFIED}:
        raise YearRefused(f"{year}已经确认，成绩单不再变动，不需要核算。")
    mandates = mandates_of(year)
    people = mandates.count()
    rows = YearTotal.objects.filter(year=year).values_list("mandate", "total", "band")
    known: dict[int, tuple[Any, str]] = {
        mandate: (total, band) for mandate, total, band in rows.iterator(chunk_size=AT_ONCE)
    }
    moved: list[Moved] = []
    count = done = 0
    for done, score in enumerate(scores(year, mandates), start=1):
        before = known.pop(score.mandate, (None, ""))
        if before != (score.total, score.band):
            moved.append((year.pk, score.mandate, score.total, score.band, *before, moment))
        if len(moved) == AT_ONCE:
            count += _write(moved)
        if progress and done % EVERY == 0:
            progress(done, people)
    count += _write(moved)
    gone, _ = YearTotal.objects.filter(year=year, mandate__in=list(known)).delete() if known else (0, {})
    year.reckoned_at = moment
    year.save(update_fields=["reckoned_at"])
    record("scoring.reckon", year, actor=actor, people=done, moved=count, gone=gone)
    return Reckoned(done, count, gone)


def _write(moved: list[Moved]) -> int:
    """Write the rows, new or not, and empty the list; return how many they were."""
    if moved:
        _copy(moved) if connection.vendor == "postgresql" else _upsert(moved)
    count = len(moved)
    moved.clear()
    return count


def _upsert(moved: list[Moved]) -> None:
    names = (*KEY, *FIGURES)
    YearTotal.objects.bulk_create(
        (YearTotal(**dict(zip(names, row, strict=True))) for row in moved),
        update_conflicts=True,
        unique_fields=["year", "mandate"],
        update_fields=list(FIGURES),
    )


def _copy(moved: list[Moved]) -> None:
    """Stream the rows to PostgreSQL: a hundred thousand of them cost the ORM more than reckoning them (docs/performance.md)."""
    names, key = ", ".join((*KEY, *FIGURES)), ", ".join(KEY)
    figures = ", ".join(f"{column} = excluded.{column}" for column in FIGURES)
    table = YearTotal._meta.db_table
    with connection.cursor() as cursor:
        # Every name in these statements is a constant of this module or of the model.
        cursor.execute(f"CREATE TEMPORARY TABLE moved_totals AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
        with cursor.copy(f"COPY moved_totals ({names}) FROM STDIN") as stream:
            for row in moved:
                stream.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM moved_totals"  # noqa: S608
            f" ON CONFLICT ({key}) DO UPDATE SET {figures}"
        )
        cursor.execute("DROP TABLE moved_totals")
