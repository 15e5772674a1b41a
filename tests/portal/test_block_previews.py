"""What an editor sees before readers do: each block as an example, each page while it is half filled, the bar."""

import re

import pytest
import time_machine
from django.urls import reverse
from wagtail.blocks.base import Block

from portal.blocks import ProseBlock, TimelineBlock
from portal.models import ArticlePage
from portal.models.pages import kinds_of_pages
from sessions.blocks import AgendaBlock, TakeawaysBlock
from stations.models import IndustryPointPage, StationPage
from stations.models.pages import PlacePage
from stations.operations import add_station
from tests.conftest import START
from tests.portal.pictured import notice, story
from tests.sessions.faces import courseware, face

STREAMS = (ProseBlock, TimelineBlock, AgendaBlock, TakeawaysBlock)
WORDS = {
    "paragraph": "接待室的门就开了", "heading": "把话听完", "quote": "窑火要守", "picture": "接待室的一个上午",
    "entry": "走访窑口 12 家", "row": "窑火三十年", "point": "先把话听完",
}  # fmt: skip
CREATABLE = {model for model in kinds_of_pages() if model.max_count is None}


def blocks():
    return {name: block for stream in STREAMS for name, block in stream().child_blocks.items()}


def test_every_block_of_our_texts_has_an_example():
    assert {
        name: (block.is_previewable, bool(block.get_description())) for name, block in blocks().items()
    } == dict.fromkeys(WORDS, (True, True))


@pytest.mark.parametrize("name", WORDS)
def test_the_example_of_a_block_is_shown_as_readers_see_it(client, city, name):
    client.force_login(city.office)
    block = blocks()[name]
    assert Block.definition_registry[block.definition_prefix] is block
    answer = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    html = answer.content.decode()
    assert (answer.status_code, WORDS[name] in html, "portal/css/core/components.css" in html) == (
        200,
        True,
        True,
    )
    assert re.findall(r"\sstyle=|<script", html) == []


def add_address(model, parent):
    return reverse(
        "wagtailadmin_pages:preview_on_add", args=[model._meta.app_label, model._meta.model_name, parent.pk]
    )


def empty_form(model):
    """Return what the editor sends for a new page in which only the title was typed."""
    form = model.get_edit_handler().get_form_class()
    data = {"title": "只有标题", "slug": "zhiyou-biaoti"}
    for name in form.formsets:
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    data |= {f"{name}-count": "0" for name, field in form.base_fields.items() if hasattr(field, "block")}
    return data


def needed(city, model):
    """Return what no page of this sort can be kept without."""
    if issubclass(model, PlacePage):
        kind, more = ("liaison", {}) if model is StationPage else ("industry", {"industry": "示例产业"})
        place = add_station(
            kind=kind, name=f"示例站{model.__name__}", area=city.township, actor=city.office, **more
        )
        return {"station": place.pk}
    return {
        "ProfilePage": lambda: {"representative": city.representative(login=False).representative_id},
        "SharingSessionPage": lambda: {"activity": city.activity().pk, "format": "topic"},
        "CoursewarePage": lambda: {"kind": "slides", "access": "public"},
    }.get(model.__name__, dict)()


NEW = pytest.mark.parametrize("model", sorted(CREATABLE, key=lambda m: m.__name__), ids=lambda m: m.__name__)


@NEW
def test_a_new_page_with_empty_fields_can_be_previewed_before_it_is_saved(client, city, site, model):
    client.force_login(city.office)
    parents = [page for page in site.values() if model in page.allowed_subpage_models()]
    address = add_address(model, parents[0])
    form = empty_form(model) | needed(city, model)
    form |= {"date": "2026-06-01"} if "date" in model.get_edit_handler().get_form_class().base_fields else {}
    assert client.post(address, form).json() == {"is_valid": True, "is_available": True}
    for where in ("", "?in_preview_panel=true"):
        shown = client.get(address + where)
        html, policy = shown.content.decode(), shown["Content-Security-Policy"]
        assert (shown.status_code, "只有标题" in html, "wagtail-userbar" in html) == (200, True, True)
        assert ("frame-ancestors 'self'" in policy, "unsafe-inline" in policy) == (True, False)
        assert (shown["X-Frame-Options"], "private" in shown["Cache-Control"]) == ("SAMEORIGIN", True)


@NEW
def test_a_new_page_in_which_too_little_is_typed_says_so_in_the_preview(client, city, site, model):
    client.force_login(city.office)
    parents = [page for page in site.values() if model in page.allowed_subpage_models()]
    address = add_address(model, parents[0])
    assert client.post(address, {}).json() == {"is_valid": False, "is_available": False}
    shown = client.get(address)
    assert (shown.status_code, "暂时不能预览" in shown.content.decode()) == (200, True)


def test_a_new_page_has_the_date_of_today(client, city, site):
    client.force_login(city.office)
    address = reverse("wagtailadmin_pages:add", args=["portal", "noticepage", site["tongzhi"].pk])
    with time_machine.travel(START, tick=False):
        html = client.get(address).content.decode()
    assert 'name="date" value="2026-06-18"' in html


def filled(city, site):
    """Return a saved page of every sort, with as little in it as its columns allow."""
    pages = [*site.values(), story(city, site), face(city, site), courseware(site), notice(site)]
    pages.append(site["home"].add_child(instance=ArticlePage(title="关于", slug="guanyu")))
    for model in (StationPage, IndustryPointPage):
        page = model(title="示例站", slug=model.__name__.lower(), station_id=needed(city, model)["station"])
        pages.append(site["lianluozhan"].add_child(instance=page))
    return pages


def test_a_saved_page_of_every_sort_can_be_previewed_under_the_strict_policy(client, city, site):
    pages = filled(city, site)
    client.force_login(city.office)
    seen = {}
    for page in pages:
        shown = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        policy = shown["Content-Security-Policy"]
        seen[type(page).__name__] = (
            shown.status_code, "frame-ancestors 'self'" in policy, "unsafe-inline" in policy,
            shown["X-Frame-Options"], "private" in shown["Cache-Control"],
        )  # fmt: skip
    assert seen == {model.__name__: (200, True, False, "SAMEORIGIN", True) for model in kinds_of_pages()}


def test_the_bar_is_there_for_editors_and_for_nobody_else(client, city, site):
    page = notice(site)
    reader = city.representative("王样本").representative.user
    anonymous = client.get(page.url).content.decode()
    client.force_login(reader)
    signed_in = client.get(page.url).content.decode()
    client.force_login(city.office)
    editor = client.get(page.url).content.decode()
    assert ["wagtail-userbar" in html for html in (anonymous, signed_in, editor)] == [False, False, True]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert [edit in html for html in (anonymous, signed_in, editor)] == [False, False, True]


def test_a_preview_is_for_who_may_edit(client, city, site):
    page = notice(site)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.get(address).status_code == 302
    client.force_login(city.representative("王样本").representative.user)
    assert client.get(address).status_code == 302
