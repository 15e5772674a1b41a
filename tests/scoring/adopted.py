"""A standard that years of the tests may be graded by."""

from datetime import date
from pathlib import Path

from scoring import operations
from tests.conftest import START
from tests.replay import replayed

EXAMPLE = (Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml").read_text()


def adopted(city, text=EXAMPLE, first_day=date(2020, 1, 1)):
    """Store a standard as an example and adopt it, or return it as it stands."""
    name = f"adopted {hash(text)} from {first_day} by {city.office.pk} in {city.county.pk}"
    return replayed(name, lambda: _adopted(city, text, first_day))


def _adopted(city, text, first_day):
    standard = operations.store_standard(text=text, actor=city.office, is_example=True)
    if standard.adopted_at:
        return standard
    return operations.adopt_standard(
        standard=standard, effective_from=first_day, actor=city.office, moment=START
    )
