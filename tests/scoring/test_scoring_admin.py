"""The office enters, verifies and corrects what earns; nobody else does."""

import re
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring import operations
from scoring.models import Honour, MediaReport, Outlet, Proposal, Standard
from scoring.permissions import kept_by
from scoring.standard_file import load
from stations.models import Area
from stations.operations import add_area, grant, open_account
from tests.conftest import PASSWORD, START
from tests.opened import opened
from tests.scoring.adopted import adopted

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "standards" / "example-6x11.yaml"
LISTS = [f"{name}:index" for name in ("media_report", "outlet", "proposal", "honour", "standard")]


@pytest.fixture
def office(city, client, site):
    client.force_login(city.office)
    return client


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="municipal", medium="paper", actor=city.office)


def report(city, outlet, *mandates, url="https://news.example/a", **more):
    return operations.report_media(
        title=more.pop("title", "一条断头路"),
        outlet=outlet,
        published_on=date(2026, 5, 1),
        mandates=mandates,
        url=url,
        actor=city.office,
        **more,
    )


def report_form(outlet, **more):
    return {
        "title": "一条断头路",
        "names": "丁示例",
        "outlet": outlet.pk,
        "published_on": "2026-05-01",
        "url": "https://news.example/a",
        "form": "专题报道",
        "story": "",
        "clipping": "",
        **more,
    }


def proposal_form(**more):
    return {
        "title": "打通示例路",
        "ref": "示 1",
        "submitted_on": "2026-01-09",
        "first": "丁示例",
        "seconders": "",
        "filed": "on",
        **more,
    }


def errors(page):
    return {field: [str(e) for e in rows] for field, rows in page.context["form"].errors.items()}


# Reports


def test_a_report_is_entered_with_its_people_and_waits(office, city, outlet):
    one, two = city.representative(), city.representative("李示例")
    answer = office.post(reverse("media_report:add"), report_form(outlet, names="丁示例、李示例"))
    made = MediaReport.objects.get()
    assert (answer.status_code, made.state, [row.mandate for row in made.subjects.order_by("pk")]) == (
        302,
        "submitted",
        [one, two],
    )


def test_the_same_link_is_refused_with_the_way_to_the_first(office, city, outlet):
    first = report(city, outlet, city.representative())
    page = office.post(reverse("media_report:add"), report_form(outlet, url="http://www.news.example/a/"))
    text = page.content.decode()
    there = reverse("media_report:edit", args=[first.pk])
    assert (page.status_code, errors(page), MediaReport.objects.count()) == (
        200,
        {"__all__": ["这个链接已经登记过：《一条断头路》（2026-05-01）。"]},
        1,
    )
    assert re.findall(rf'href="{there}"[^>]*>\s*看先登记的那一篇', text) != []


def test_a_name_nobody_has_is_said_beside_the_field_and_nothing_is_lost(office, city, outlet):
    page = office.post(reverse("media_report:add"), report_form(outlet, names="无此人"))
    assert (errors(page), page.content.decode().count('value="一条断头路"')) == (
        {"names": ["2026-05-01 在任的代表里没有找到“无此人”，请核对姓名和日期。"]},
        1,
    )


def test_a_report_is_changed_by_the_office(office, city, outlet):
    made = report(city, outlet, city.representative())
    address = reverse("media_report:edit", args=[made.pk])
    form = office.get(address).context["form"]
    typed = report_form(outlet, title="改了标题", names=form.initial["names"])
    answer = office.post(address, typed | opened(office, address))
    made.refresh_from_db()
    assert (form.initial["names"], answer.status_code, made.title) == ("丁示例（石桥镇）", 302, "改了标题")


def test_verifying_takes_a_word_for_the_story(office, city, outlet):
    made = report(city, outlet, city.representative())
    address = reverse("media_report:judge", args=[made.pk])
    office.post(address, {"story": "断头路", "note": "", "do": "verify"} | opened(office, address))
    made.refresh_from_db()
    assert (made.state, made.story, made.verified_by) == ("verified", "断头路", city.office)


def test_setting_aside_without_a_reason_is_refused_and_says_so(office, city, outlet):
    made = report(city, outlet, city.representative())
    address = reverse("media_report:judge", args=[made.pk])
    page = office.post(address, {"story": "x", "note": "", "do": "reject"} | opened(office, address))
    made.refresh_from_db()
    assert (page.status_code, errors(page), made.state) == (
        200,
        {"__all__": ["请写明未采用的原因。"]},
        "submitted",
    )


def test_setting_aside_keeps_the_reason(office, city, outlet):
    made = report(city, outlet, city.representative())
    address = reverse("media_report:judge", args=[made.pk])
    office.post(address, {"story": "", "note": "不是专题报道", "do": "reject"} | opened(office, address))
    made.refresh_from_db()
    assert (made.state, made.note) == ("rejected", "不是专题报道")


def test_a_look_at_the_verification_changes_nothing_and_names_what_is_alike(office, city, outlet):
    mandate = city.representative()
    other = report(city, outlet, mandate, title="一条断头路打通了", story="断头路")
    made = report(city, outlet, mandate, url="https://news.example/b")
    page = office.get(reverse("media_report:judge", args=[made.pk]))
    made.refresh_from_db()
    assert (page.context["alike"], page.content.decode().count("<code>断头路</code>"), made.state) == (
        [other],
        1,
        "submitted",
    )


def test_the_list_is_narrowed_by_state(office, city, outlet):
    mandate = city.representative()
    waiting = report(city, outlet, mandate)
    done = report(city, outlet, mandate, url="https://news.example/b")
    operations.verify_report(report=done, actor=city.office, moment=START)
    page = office.get(reverse("media_report:index"), {"state": "submitted"})
    assert list(page.context["object_list"]) == [waiting]


# Proposals, honours, outlets


@pytest.mark.parametrize(
    ("seconders", "roles"),
    [("", [("丁示例", "sole")]), ("李示例", [("丁示例", "lead"), ("李示例", "co")])],
)
def test_a_proposal_is_entered_with_its_movers(office, city, seconders, roles):
    city.representative()
    city.representative("李示例")
    answer = office.post(reverse("proposal:add"), proposal_form(seconders=seconders))
    movers = Proposal.objects.get().movers.order_by("-role")
    assert (answer.status_code, [(str(row.mandate), row.role) for row in movers]) == (302, roles)


def test_a_proposals_form_finds_its_movers_again(office, city):
    city.representative()
    city.representative("李示例")
    office.post(reverse("proposal:add"), proposal_form(seconders="李示例"))
    proposal = Proposal.objects.get()
    address = reverse("proposal:edit", args=[proposal.pk])
    initial = office.get(address).context["form"].initial
    typed = proposal_form(first=initial["first"], seconders=initial["seconders"], ref="示 2", fine="on")
    office.post(address, typed | opened(office, address))
    proposal.refresh_from_db()
    assert (initial["first"], initial["seconders"], proposal.ref, proposal.fine, proposal.movers.count()) == (
        "丁示例（石桥镇）",
        "李示例（石桥镇）",
        "示 2",
        True,
        2,
    )


def test_the_marks_of_a_proposal_are_listed_in_words(office, city):
    city.representative()
    office.post(reverse("proposal:add"), proposal_form(fine="on"))
    page = BeautifulSoup(office.get(reverse("proposal:index")).content, "html.parser")
    cells = [cell.get_text(strip=True) for cell in page.select("table.listing tbody td")]
    assert cells[-2:] == ["是", "否"]


def test_a_taken_number_is_said(office, city):
    city.representative()
    office.post(reverse("proposal:add"), proposal_form())
    page = office.post(reverse("proposal:add"), proposal_form(ref=" 示 1"))
    assert (page.status_code, Proposal.objects.count()) == (200, 1)


def test_two_leads_are_refused_beside_the_field(office, city):
    city.representative()
    city.representative("李示例")
    page = office.post(reverse("proposal:add"), proposal_form(first="丁示例、李示例"))
    assert errors(page) == {"first": ["领衔人只能有一位，其余的请写在附议人里。"]}


def test_an_honour_is_entered_changed_and_removed(office, city):
    mandate = city.representative()
    entered = {
        "name_of": "丁示例",
        "title": "优秀代表",
        "level": "county",
        "awarded_on": "2026-01-09",
        "ref": "证 1",
    }
    office.post(reverse("honour:add"), entered)
    honour = Honour.objects.get()
    address = reverse("honour:edit", args=[honour.pk])
    office.post(address, {**entered, "level": "municipal"} | opened(office, address))
    honour.refresh_from_db()
    seen = (honour.mandate, honour.level)
    office.post(reverse("honour:delete", args=[honour.pk]))
    assert (seen, Honour.objects.count()) == ((mandate, "municipal"), 0)


def test_an_outlet_is_entered_once_and_changed(office, city, outlet):
    form = {"name": "示例日报", "level": "county", "medium": "tv"}
    twice = office.post(reverse("outlet:add"), form)
    address = reverse("outlet:edit", args=[outlet.pk])
    office.post(address, form | opened(office, address))
    outlet.refresh_from_db()
    assert (twice.status_code, Outlet.objects.count(), outlet.level) == (200, 1, "county")


# Standards


def upload(client, text, **more):
    file = SimpleUploadedFile("standard.yaml", text.encode() if isinstance(text, str) else text)
    return client.post(reverse("standard:upload"), {"file": file, **more})


def test_an_uploaded_file_becomes_a_version_in_words(office):
    answer = upload(office, EXAMPLE.read_text(), is_example="on")
    standard = Standard.objects.get()
    text = office.get(answer["Location"]).text
    said = [
        text.count(words)
        for words in ("每次 2.5 分；最高 5 分", "草稿，不能用于年度考评", "<td>相符</td>", "不符")
    ]
    assert (standard.is_example, said) == (True, [1, 1, len(load(standard.text).cases), 0])


@pytest.mark.parametrize("form", ["", "csv", "xlsx"])
def test_the_history_of_the_site_opens_after_an_upload_and_leads_to_the_version(office, form):
    there = upload(office, EXAMPLE.read_text())["Location"]
    answer = office.get(reverse("wagtailadmin_reports:site_history"), {"export": form} if form else {})
    assert answer.status_code == 200
    if not form:
        assert answer.text.count(f'href="{there}"') == 1


def test_a_draft_is_adopted_in_the_admin(office):
    there = upload(office, EXAMPLE.read_text(), is_example="on")["Location"]
    empty = office.post(there, {"effective_from": ""})
    assert (empty.status_code, errors(empty)) == (200, {"effective_from": ["必需字段"]})
    answer = office.post(there, {"effective_from": "2026-01-01"}, follow=True)
    assert answer.text.count("已经启用，可以在新的年度里选用") == 1
    assert (answer.text.count("启用这一版"), answer.text.count("删除草稿")) == (0, 0)
    again = office.post(there, {"effective_from": "2026-01-01"})
    assert errors(again) == {"__all__": [f"{Standard.objects.get()}已经启用，不用再启用一次。"]}


def test_the_page_of_a_draft_brings_what_its_field_of_a_day_runs_on(office):
    page = office.get(upload(office, EXAMPLE.read_text(), is_example="on")["Location"])
    (script,) = page.context["form"].media.render_js()
    assert page.text.count(script) == 1
    assert page.text.index(script) < page.text.index("initDateChooser(")  # loaded before it is called


def test_what_is_in_the_way_of_a_draft_stands_in_place_of_the_form(office):
    there = upload(office, EXAMPLE.read_text().replace("subject: representative", "subject: group"))[
        "Location"
    ]
    text = office.get(there).text
    assert (text.count("这份标准评的不是代表个人（subject）"), text.count("启用这一版")) == (1, 0)


def test_a_draft_is_discarded_by_a_click_and_an_adopted_version_is_not(office, city):
    draft = operations.store_standard(text=EXAMPLE.read_text(), actor=city.office)
    discard = reverse("standard:discard", args=[draft.pk])
    assert office.get(discard).status_code == 405
    assert office.post(discard, follow=True).text.count("已经删除") == 1
    kept = adopted(city)
    answer = office.post(reverse("standard:discard", args=[kept.pk]), follow=True)
    assert (answer.text.count("已经启用，不能删除"), Standard.objects.count()) == (1, 1)


def test_every_problem_of_a_file_is_told_with_line_and_key(office):
    page = upload(office, EXAMPLE.read_text().replace("kind: count, points: 2.5, max: 5", "kind: cuont"))
    text = page.content.decode()
    assert (
        page.status_code,
        Standard.objects.count(),
        text.count("<td>30</td><td><code>categories[0].items[1].rule.kind</code></td>"),
    ) == (200, 0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff\xfe\x00", "文件不是 UTF-8 编码，请在编辑软件里另存为 UTF-8 再上传。"),
        (b"#" * (512 * 1024 + 1), "文件超过 512 KB，不像一份积分标准，请核对。"),
    ],
)
def test_what_is_no_text_of_a_standard_is_refused(office, text, words):
    assert errors(upload(office, text)) == {"file": [words]}


def test_the_file_of_a_version_can_be_taken_away(office, city):
    standard = adopted(city)
    answer = office.get(reverse("standard:export", args=[standard.pk]))
    assert (answer.content.decode(), answer["Content-Disposition"]) == (
        standard.text,
        'attachment; filename="example-6x11-v1.yaml"',
    )


def test_the_taken_file_uploaded_again_is_the_same_version(office, city):
    standard = adopted(city)
    upload(office, office.get(reverse("standard:export", args=[standard.pk])).content)
    assert list(Standard.objects.all()) == [standard]


# Who may


@pytest.mark.parametrize("address", [*LISTS, "media_report:add", "standard:upload"])
def test_the_office_sees_the_page(office, address):
    assert office.get(reverse(address)).status_code == 200


def staff(city, name, role, area):
    """An account that may enter the admin and holds one role in one area."""
    from django.contrib.auth.models import Permission

    user = open_account(username=name, display_name=name, password=PASSWORD, actor=None)
    grant(user=user, area=area, role=role, actor=None)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize("role", ["recorder", "reviewer", "auditor", "editor"])
def test_another_role_is_kept_out_of_every_page(client, city, site, outlet, role):
    client.force_login(staff(city, "someone", role, city.county))
    made = report(city, outlet, city.representative())
    standard = adopted(city)
    pages = [
        *map(reverse, LISTS),
        reverse("media_report:add"),
        reverse("media_report:edit", args=[made.pk]),
        reverse("media_report:judge", args=[made.pk]),
        reverse("standard:upload"),
        reverse("standard:inspect", args=[standard.pk]),
        reverse("standard:export", args=[standard.pk]),
    ]
    assert {client.get(page).status_code for page in pages} <= {302, 403, 404}
    assert {client.get(page).get("Location", "/admin/") for page in pages} == {"/admin/"}
    client.post(reverse("media_report:judge", args=[made.pk]), {"story": "", "note": "", "do": "verify"})
    made.refresh_from_db()
    assert made.state == "submitted"


def test_a_stranger_is_asked_to_sign_in(client, site):
    answer = client.get(reverse("media_report:index"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_the_office_of_another_county_keeps_other_rows(client, city, site, outlet):
    far = add_area(code="990002", name="邻县", level="county", parent=None)
    user = staff(city, "far", "office", Area.objects.get(pk=far.pk))
    mandate = city.representative()
    made = report(city, outlet, mandate)
    client.force_login(user)
    edit = client.get(reverse("media_report:edit", args=[made.pk])).status_code
    judge = client.get(reverse("media_report:judge", args=[made.pk])).status_code
    page = client.post(reverse("media_report:add"), report_form(outlet, url="https://news.example/b"))
    assert (list(kept_by(user, MediaReport)), edit, judge, sorted(errors(page))) == ([], 404, 404, ["names"])


REPORTS = 10


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_reports_takes_the_same_queries(office, city, outlet, django_assert_num_queries, count):
    mandate, other = city.representative(), city.representative("李示例")
    for number in range(count):
        report(city, outlet, mandate, other, url=f"https://news.example/{number}")
    office.get(reverse("media_report:index"))
    with django_assert_num_queries(REPORTS):
        office.get(reverse("media_report:index"))
