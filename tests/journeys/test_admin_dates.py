"""Dates in the admin stay as they were typed: only a browser runs the calendar that would rewrite them."""

import pytest

from tests.journeys.devices import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_date_that_the_calendar_cannot_read_is_left_as_it_was_typed(city, site, open_page):
    city.office.is_superuser = True
    city.office.save(update_fields=["is_superuser"])
    page = open_page(width=1440)
    sign_in(page, city.office)
    page.goto("/admin/terms/new/")
    day = page.locator("#id_starts_on")
    left = []
    for typed in ("2026年10月8日", "明天"):
        day.fill(typed)
        page.locator("#id_name").focus()
        left.append(day.input_value())
    assert left == ["2026年10月8日", "明天"]
