"""Every sort of page for people who read with a screen reader, large text or high contrast: axe finds nothing, nothing is cut off."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from sessions.checkin.codes import code_at
from sessions.models import Idea
from tests.furnished import furnish, today
from tests.journeys.axe import AXE, complained
from tests.journeys.devices import remember, sign_in
from tests.journeys.displays import in_each_display
from tests.searched import index

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PHONE, DESK = (390, 844), (1440, 900)
SIZES = {size: {"width": size[0], "height": size[1]} for size in (PHONE, DESK)}
PUBLIC = (
    "/", "/daibiao/ding/", "/daibiao/minglu/", "/fenxianghui/{session}/", "/fenxianghui/", "/lianluozhan/",
    "/xunjiang/", "/xunjiang/{tour}/", "/lianluozhan/shiqiao/", "/kejian/", "/tongzhi/", "/sousuo/?q=示例", "/sousuo/?q=示例+没有的", "/no-such-page/", "/accounts/login/",
    "/shuju/", "/calendar/", "/biaozhun/", "/dingyue/", "/ditu/", "/biaoqian/", "/biaoqian/shi-li/", "/fenxianghui/?view=list",
    "/jindianzi/", "/jindianzi/{year}-1/", "/dingyue/youjian/", "/dingyue/youjian/?topic=section:tongzhi",
)  # fmt: skip
DISPLAYS = ({}, {"text": "large"}, {"text": "xlarge"}, {"text": "xlarge", "contrast": "more"})
# How far the page, or the header by itself, is wider than the window.
WIDER = """() => Math.max(document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll("header .util li, header .head .wrap > *")]
    .map(each => Math.ceil(each.getBoundingClientRect().right) - innerWidth))"""


@pytest.fixture
def there(city, site):
    furnished = furnish(city, site, today())
    index()
    return furnished


def pages_of(there, city):
    """Return {person or None: addresses}: the public pages, and what each role works with."""
    session = there.coming.page.slug
    scan = f"/c/{there.coming.door}/{code_at(there.coming.check_in_key, timezone.now()).token}/"
    tour = there.coming.tour_id
    year = timezone.localtime(there.coming.starts_at - timedelta(days=1)).year  # the day the ideas came in
    mine = ["/me/ideas/", "/me/ideas/new/", f"/me/activities/{there.coming.pk}/ask/"]
    voices = ["/voices/", "/voices/?show=questions", f"/voices/{there.coming.pk}/"]
    voices += [f"/voices/ideas/{idea.pk}/" for idea in Idea.objects.all()]
    return {
        None: [address.format(session=session, tour=tour, year=year) for address in PUBLIC],
        there.secretive.representative.user: [
            "/me/",
            "/me/calendar/",
            f"/me/score/{there.year.label}/",
            f"/me/assessment/{there.year.label}/",
            "/me/hand-ins/",
            "/me/hand-ins/new/report/",
            "/me/hand-ins/new/honour/",
            "/me/card/",
            scan,
            "/me/declarations/",
            "/me/declarations/new/",
            "/me/declarations/new/?what=visit",
            f"/me/declarations/{there.declared.pk}/",
            *mine,
        ],
        there.other.representative.user: [scan],
        city.recorder: [
            *(
                f"/roll/{there.held.pk}/{page}"
                for page in ("", "print/", "import/", "sheets/", "certificates/")
            ),
            "/roll/figures/",
            f"/roll/{there.coming.pk}/desk/",
            "/roll/phones/",
            "/declarations/",
            f"/declarations/{there.declared.pk}/",
        ],
        city.office: [*scores(there, city), *voices],
    }


def scores(there, city):
    """Return the pages of the review console, with what the office may have switched on there."""
    there.year.position, there.year.wants_sheets = "both", True
    there.year.save(update_fields=["position", "wants_sheets"])
    year, mandate = f"/review/{there.year.label}/", there.other.pk
    row = there.held.attendances.get(mandate=mandate)
    pages = ["", "overview/", f"overview/{city.township.pk}/", "missing/?sort=roll", "missing/?sort=deed"]
    pages += ["assessment/", f"assessment/{mandate}/", f"{city.township.pk}/", "book/"]
    return [
        "/review/",
        *(f"{year}{page}" for page in pages),
        f"/review/sheet/{mandate}/{there.year.label}/",
        f"/me/score/record/attendance/{row.pk}/",
    ]


def device(lay_out_page, user, size, **display):
    """Open a window of a person's device: signed in, with the text size and contrast they chose."""
    page = lay_out_page(width=size[0], height=size[1])
    page.add_init_script(AXE)
    remember(page, display)
    if user is not None:
        sign_in(page, user)
    return page


def complaints(page, address):
    """Return what axe finds on a page, as (rule, first element)."""
    page.goto(address)
    assert urlsplit(page.url).path == address.partition("?")[0]  # not the login instead of the page
    return complained(page)


def too_wide(page, *displays):
    """Return in which of `displays` the page, or its header, is wider than the window."""
    wider = page.evaluate(in_each_display(WIDER), displays)
    return [display for display, far in zip(displays, wider, strict=True) if far > 0]


@pytest.mark.parametrize("who", range(5), ids=["anybody", "representative", "another", "recorder", "office"])
def test_axe_finds_nothing_on_any_sort_of_page_and_none_is_too_wide_in_any_text_size(
    there, city, lay_out_page, who
):
    found = {}
    user, addresses = list(pages_of(there, city).items())[who]
    page = device(lay_out_page, user, PHONE)
    for address in addresses:
        page.set_viewport_size(SIZES[PHONE])
        found[address, PHONE] = complaints(page, address), too_wide(page, *DISPLAYS)
        page.set_viewport_size(SIZES[DESK])
        found[address, DESK] = complained(page), too_wide(page, {})
    assert {where: problems for where, problems in found.items() if problems != ([], [])} == {}


def test_axe_finds_nothing_in_large_text_and_high_contrast(there, lay_out_page):
    session = f"/fenxianghui/{there.coming.page.slug}/"
    found = {}
    for size, display in ((PHONE, {"text": "xlarge"}), (DESK, {"contrast": "more"})):
        page = device(lay_out_page, None, size, **display)
        found |= {(size, address): complaints(page, address) for address in ("/", session)}
    assert {where: problems for where, problems in found.items() if problems} == {}


def test_the_menu_of_a_phone_folds_up_at_escape_and_at_a_tap_beside_it(site, open_page):
    page = open_page(width=PHONE[0], height=PHONE[1])
    page.goto("/")
    button, menu = page.locator(".menu > summary"), page.locator("details.menu")
    seen = []
    for fold_up in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(20, 700), button.click):
        button.click()
        seen.append(menu.evaluate("each => each.open"))
        fold_up()
        seen.append(menu.evaluate("each => each.open"))
    assert seen == [True, False] * 3
