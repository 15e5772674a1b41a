"""Months of the programme: reading ?month=, the one before and after, its moments, the weeks of its table. Pure."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

WRITTEN = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __add__(self, months: int) -> "Month":
        """Return the month that lies `months` later; earlier for a negative number."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def starts_at(self) -> datetime:
        """Its first moment here."""
        return timezone.make_aware(datetime(self.year, self.number, 1))  # noqa: DTZ001 -- made aware around it

    def holds(self, day: date) -> bool:
        """Whether `day` lies in this month."""
        return (day.year, day.month) == (self.year, self.number)

    def weeks(self) -> list[list[date]]:
        """Return whole weeks, Monday first, that cover the month."""
        return Calendar().monthdatescalendar(self.year, self.number)


def month_of(day: date) -> Month:
    """Return the month of a local day."""
    return Month(day.year, day.month)


def read_month(text: str, *, default: Month, first: Month, last: Month) -> Month:
    """Return the month written as 2026-11, brought into first…last; `default` for anything else."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        return default
    month = Month(int(written[1]), min(max(int(written[2]), 1), 12))
    return min(max(month, first), last)
