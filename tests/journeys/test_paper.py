"""Paper as a browser prints it: the list with its header on every page, a certificate on one page."""

import io
import unicodedata

import pytest
from pypdf import PdfReader

from sessions.operations import Entry, close_roll, issue_certificates, record_roll
from tests.conftest import START
from tests.journeys.devices import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def pages_of(page, address):
    """Return the text of each page that the address prints on, without spaces."""
    page.goto(address)
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert {tuple(round(side) for side in each.mediabox[2:]) for each in printed.pages} == {(595, 842)}  # A4
    # Chromium writes some characters as the look-alike radicals of Unicode; NFKC maps most of them back, not 页.
    return ["".join(unicodedata.normalize("NFKC", each.extract_text()).split()) for each in printed.pages]


def test_the_list_prints_on_a4_with_header_and_number_on_each_page_and_certificates_one_a_page(
    city, site, open_page
):
    people = [city.representative(f"示例{n}", login=False, electing_unit=f"{n}选区") for n in range(60)]
    activity = city.activity()
    city.enrol(activity, *people)
    entries = [Entry(mandate.representative, "present") for mandate in people[:2]]
    record_roll(activity=activity, entries=entries, actor=city.recorder, moment=START)
    close_roll(activity=activity, actor=city.recorder, moment=START)
    issue_certificates(activity=activity, actor=city.recorder, moment=START)
    page = open_page(width=1000, height=900)
    sign_in(page, city.recorder)
    listed = pages_of(page, f"/roll/{activity.pk}/print/")
    assert [(text.count("选举单位签名"), text[:6]) for text in listed] == [
        (1, f"第{n}{listed[0][2]},共3") for n in (1, 2, 3)
    ]
    assert ("记录员签名" in listed[-1], "我的履职" in "".join(listed)) == (True, False)
    certificates = pages_of(page, f"/roll/{activity.pk}/certificates/print/")
    assert ["特此证明" in text for text in certificates] == [True, True]
