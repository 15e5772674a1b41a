"""Searching with suggestions, by keyboard, by pointer, with an input method, and without a script."""

import pytest

from tests.furnished import furnish, today
from tests.journeys.axe import AXE, complained
from tests.searched import index

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def there(city, site):
    furnish(city, site, today())
    index()


PAUSE = 500  # ms: longer than between two characters of one word


def write(page, words):
    """Write into the field of the search, pause by the page's clock and return the field."""
    field = page.get_by_role("combobox", name="搜索全站")
    field.press_sequentially(words)
    page.clock.fast_forward(PAUSE)
    return field


def listed(page):
    return page.locator("#q-suggested > li").all_inner_texts()


def test_suggestions_are_walked_with_the_arrows_and_followed_with_enter(open_page, there):
    page = open_page(width=390)
    page.add_init_script(AXE)
    page.clock.install()
    page.goto("/sousuo/")
    field = write(page, "示例通知")
    page.wait_for_selector("#q-suggested:not([hidden])")
    assert (listed(page), field.get_attribute("aria-expanded")) == (["示例通知\n通知公告"], "true")
    assert page.get_by_text("有 1 条建议，可用上下键选择").count() == 1
    assert complained(page) == []
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "suggested-1"
    field.press("Enter")
    page.wait_for_url("**/tongzhi/n1/")


def test_escape_closes_the_list_and_enter_then_sends_the_form(open_page, there):
    page = open_page()
    page.clock.install()
    page.goto("/sousuo/")
    field = write(page, "示例通知")
    page.wait_for_selector("#q-suggested:not([hidden])")
    field.press("Escape")
    assert (page.locator("#q-suggested").is_hidden(), field.input_value()) == (True, "示例通知")
    field.press("Enter")
    page.wait_for_url("**/sousuo/?q=*")
    assert page.locator(".found h3").all_inner_texts() == ["示例通知"]


def test_who_lost_the_way_gets_the_same_suggestions(open_page, there):
    page = open_page(width=390)
    page.add_init_script(AXE)
    page.clock.install()
    page.goto("/no-such-page/")
    field = write(page, "示例通知")
    page.wait_for_selector("#lost-q-suggested:not([hidden])")
    assert complained(page) == []
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "suggested-1"
    field.press("Enter")
    page.wait_for_url("**/tongzhi/n1/")


def test_a_suggestion_is_followed_by_pointer(open_page, there):
    page = open_page()
    page.clock.install()
    page.goto("/sousuo/")
    write(page, "石桥镇代")
    page.get_by_role("option", name="石桥镇代表联络站").click()
    page.wait_for_url("**/lianluozhan/shiqiao/")


def test_nothing_is_asked_for_while_an_input_method_composes(open_page, there):
    page = open_page()
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "tishi" in request.url else None)
    page.goto("/sousuo/")
    field = page.locator("#q")
    composing = """(field) => {
      field.focus();
      field.dispatchEvent(new CompositionEvent("compositionstart"));
      field.value = "shi";
      field.dispatchEvent(new InputEvent("input", {isComposing: true}));
    }"""
    field.evaluate(composing)
    page.clock.fast_forward(PAUSE)
    assert asked == []
    field.evaluate(
        "(field) => { field.value = '示例通知'; field.dispatchEvent(new CompositionEvent('compositionend')); }"
    )
    page.clock.fast_forward(PAUSE)
    page.wait_for_selector("#q-suggested:not([hidden])")
    assert len(asked) == 1


def test_without_a_script_the_form_searches(open_page, there):
    page = open_page(java_script_enabled=False)
    page.goto("/sousuo/")
    page.get_by_label("搜索全站").fill("窑")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_url("**/sousuo/?q=*")
    assert page.locator(".found li").count() > 0
    page.get_by_role("navigation", name="按类别看").get_by_role("link", name="代表事迹").click()
    page.wait_for_url("**kind=story*")
    assert page.locator(".found .tag").all_inner_texts() == ["代表事迹"]
