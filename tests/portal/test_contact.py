"""Telephone numbers and postcodes: read as people write them, refused in a sentence, those of before left alone."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Site

from portal.contact import NO_NUMBER, NO_POSTCODE, postcode, telephone
from portal.models import CongressSettings
from stations.models import Station
from stations.operations import add_station
from tests.opened import form_at, opened
from tests.stations.staffed import sign_in


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("0374-8000000", "0374-8000000"),
        ("０３７４－８００００００", "0374-8000000"),
        ("0374 — 8000000", "0374-8000000"),
        ("（010）80000000", "(010)80000000"),
        ("03748000000", "03748000000"),
        ("8000000", "8000000"),
        ("0374-8000000转8001", "0374-8000000转8001"),
        ("0374-8000000 转 8001", "0374-8000000 转 8001"),
        ("0374-8000000-8001", "0374-8000000-8001"),
        ("13900000000", "13900000000"),
        ("139 0000 0000", "139 0000 0000"),
        ("+86 13900000000", "+86 13900000000"),
        ("12345", "12345"),
        ("110", "110"),
        ("95598", "95598"),
        ("400-800-0000", "400-800-0000"),
    ],
)
def test_a_number_that_can_be_dialled_is_taken_as_people_write_it(typed, kept):
    assert telephone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "打不通 12", "0374-1", "电话 0374-8000000", "0374-8000000、0374-8000001", "1390000000", "139000000000",
        "23456", "12", "0374-8000000 转", "0374-800000000", "0374-8000000\t转 8001 8002", "0374-8٠٠٠٠٠٠",
    ],
)  # fmt: skip
def test_what_is_no_number_and_more_than_one_are_refused(typed):
    with pytest.raises(ValidationError) as refused:
        telephone(typed)
    assert refused.value.messages == [NO_NUMBER]


@pytest.mark.parametrize(("typed", "kept"), [("", ""), ("461000", "461000"), ("０１００００", "010000")])
def test_a_postcode_has_six_digits(typed, kept):
    assert postcode(typed) == kept


@pytest.mark.parametrize("typed", ["46100", "4610000", "46100a", "邮编无", "46100٠"])
def test_anything_else_is_no_postcode(typed):
    with pytest.raises(ValidationError) as refused:
        postcode(typed)
    assert refused.value.messages == [NO_POSTCODE]


def identity(client, city, **stored):
    """Sign in, store the contact as it was before, and return the form's address and what a browser sends."""
    sign_in(client, city.office)
    site = Site.objects.get()
    CongressSettings.objects.update_or_create(site=site, defaults=stored)
    address = reverse("wagtailsettings:edit", args=["portal", "congresssettings", site.pk])
    shown = {each.html_name: each.value() or "" for each in form_at(client, address)}
    return address, shown | opened(client, address)


def test_the_identity_of_the_site_says_at_the_field_what_is_wrong(client, city, site):
    address, shown = identity(client, city, phone="0000-8000000")
    answer = client.post(address, shown | {"phone": "打不通", "postcode": "46100"})
    assert answer.context["form"].errors == {"phone": [NO_NUMBER], "postcode": [NO_POSTCODE]}
    assert 'value="打不通"' in answer.text


def test_a_number_of_before_that_nobody_touches_stays(client, city, site):
    address, shown = identity(client, city, phone="请打前台", postcode="无")
    assert client.post(address, shown | {"address": "示例路 1 号"}).status_code == 302
    kept = CongressSettings.objects.values_list("phone", "postcode", "address").get()
    assert kept == ("请打前台", "无", "示例路 1 号")


def test_so_does_that_of_a_station(client, city):
    station = add_station(
        kind="liaison", name="石桥站", area=city.township, phone="0000-1", actor=city.office
    )
    sign_in(client, city.office)
    address = reverse("stations:edit", args=[station.pk])
    sent = {
        "kind": "liaison",
        "name": "石桥站",
        "area": city.township.pk,
        "phone": "0000-1",
        "address": "示例路",
    }
    assert client.post(address, sent | opened(client, address)).status_code == 302
    wrong = client.post(address, sent | {"phone": "0000-2"} | opened(client, address))
    assert (wrong.context["form"].errors, Station.objects.get().phone) == ({"phone": [NO_NUMBER]}, "0000-1")
