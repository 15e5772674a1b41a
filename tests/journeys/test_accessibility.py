"""Every sort of page for people who read with a screen reader, large text or high contrast: axe finds nothing, nothing is cut off."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone

from sessions.checkin.codes import code_at
from sessions.models import Idea
from tests.furnished import furnish, today
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
# What axe complains of in a page that is open, and keeps in mind how everything looked. With `again`, a page that it has
# seen in another width: contrasts, most of its work, are measured anew only where something looks otherwise than before.
# Only what is complained of comes back: to hand over all that passes takes longer than to find it.
AXE = """async (again) => {
  const look = (each) => {
    if (!each.checkVisibility()) return "";
    const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight } = getComputedStyle(each);
    const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
    return [color, backgroundColor, backgroundImage, opacity, large].join();
  };
  const looks = new Map([...document.body.querySelectorAll("*")].map((each) => [each, look(each)]));
  const fresh = [...looks.keys()].filter((each) => looks.get(each) && looks.get(each) !== window.looked?.get(each));
  window.looked = looks;
  const how = { resultTypes: ["violations"], preload: false };
  const parts = again ? [[document, { ...how, rules: { "color-contrast": { enabled: false } } }]] : [[document, how]];
  if (again && fresh.length) parts.push([{ include: fresh }, { ...how, runOnly: ["color-contrast"] }]);
  const found = [];
  for (const part of parts) found.push(...(await axe.run(...part)).violations);
  return found.map((each) => [each.id, each.nodes[0].html.slice(0, 160)]);
}"""
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
    page.add_init_script(Axe().axe_script)
    cookies = dict(display)
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/health/")
    remember(page, cookies)
    return page


def remember(page, cookies):
    everywhere = urljoin(page.url, "/")  # a cookie given for /health/ would be sent there alone
    page.context.add_cookies(
        [{"name": name, "value": value, "url": everywhere} for name, value in cookies.items()]
    )


def complaints(page, address):
    """Return what axe finds on a page, as (rule, first element)."""
    page.goto(address)
    assert urlsplit(page.url).path == address.partition("?")[0]  # not the login instead of the page
    return complained(page)


def complained(page, *, again=False):
    """Return what axe finds on the page that is open; `again` in another width than before."""
    return page.evaluate(AXE, again)


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
        found[address, DESK] = complained(page, again=True), too_wide(page, {})
    assert {where: problems for where, problems in found.items() if problems != ([], [])} == {}


def test_axe_finds_nothing_in_large_text_and_high_contrast(there, lay_out_page):
    session = f"/fenxianghui/{there.coming.page.slug}/"
    found = {}
    for size, display in ((PHONE, {"text": "xlarge"}), (DESK, {"contrast": "more"})):
        page = device(lay_out_page, None, size, **display)
        found |= {(size, address): complaints(page, address) for address in ("/", session)}
    assert {where: problems for where, problems in found.items() if problems} == {}
