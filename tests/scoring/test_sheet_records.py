"""The records a sheet leads to, and what a reader is shown there."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from scoring import operations
from sessions.models import Attendance, CoursewarePage, SharingSessionPage
from tests.conftest import START
from tests.scoring.sheet_city import NOW, count_of, held, hrefs, opened, report, see, walk


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(city, site):
    return opened(city, 2026)


@pytest.fixture
def mandate(city):
    return city.representative("王样本")


def test_a_session_with_a_page_leads_there_and_another_to_ones_own_list(client, city, site, year, mandate):
    session, other = held(city, mandate), held(city, mandate, at=START + timedelta(days=1))
    page = site["fenxianghui"].add_child(
        instance=SharingSessionPage(title="第九期", slug="s9", activity=session)
    )
    row = Attendance.objects.get(activity=other)
    links = hrefs(see(client, mandate))
    assert [links.count(page.url), links.count(f"/me/attendance/?year=2026&page=1#a{row.pk}")] == [1, 1]


def test_a_row_on_the_second_page_of_ones_list_is_linked_there(client, city, year, mandate):
    rows = [
        held(city, mandate, at=START + timedelta(days=day), kind="reception").attendances.get()
        for day in range(13)
    ]
    links = hrefs(see(client, mandate))
    assert [
        links.count(f"/me/attendance/?year=2026&page={n}#a{rows[i].pk}") for n, i in ((2, 0), (1, 12))
    ] == [
        1,
        1,
    ]
    second = client.get("/me/attendance/?year=2026&page=2")
    assert [row.pk for row in second.context["rows"]] == [rows[0].pk]


def test_courseware_reports_proposals_and_honours_lead_to_their_records(client, city, site, year, mandate):
    page = site["kejian"].add_child(
        instance=CoursewarePage(
            title="怎样写建议", slug="kj", author=mandate.representative, date=date(2026, 5, 1)
        )
    )
    report(city, mandate, "https://news.example/1")
    proposal = operations.add_proposal(
        title="甲", ref="1", submitted_on=date(2026, 1, 9), movers={mandate: "sole"}, actor=city.office
    )
    honour = operations.add_honour(
        mandate=mandate, title="优秀", level="county", awarded_on=date(2026, 1, 9), actor=city.office
    )
    links = hrefs(see(client, mandate))
    wanted = [
        page.url,
        "https://news.example/1",
        f"/me/score/record/proposal/{proposal.movers.get().pk}/",
        f"/me/score/record/honour/{honour.pk}/",
    ]
    assert [links.count(each) for each in wanted] == [1, 1, 1, 1]


def test_a_courseware_that_was_taken_down_is_not_linked(client, city, site, year, mandate):
    page = site["kejian"].add_child(
        instance=CoursewarePage(
            title="怎样写建议", slug="kj", author=mandate.representative, date=date(2026, 5, 1)
        )
    )
    walk(city, year)
    page.unpublish()
    shown = see(client, mandate)
    assert (count_of(shown, "怎样写建议"), hrefs(shown).count(page.url)) == (1, 0)


def test_a_record_is_shown_to_its_people_and_readers_of_their_scores_alone(client, city, year, mandate):
    other, far = (
        city.representative("李示例"),
        city.representative("赵示例", area=city.other_township, group=None),
    )
    proposal = operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=date(2026, 1, 9),
        movers={mandate: "sole"},
        actor=city.office,
    )
    row = proposal.movers.get()
    address = reverse("sheet_record", args=["proposal", row.pk])
    codes = []
    for user in (
        mandate.representative.user,
        city.reviewer,
        city.office,
        city.auditor,
        other.representative.user,
        far.representative.user,
        city.recorder,
    ):
        client.force_login(user)
        codes.append(client.get(address).status_code)
    assert codes == [200, 200, 200, 200, 404, 404, 404]


def test_records_say_what_counts(client, city, year, mandate):
    before = {city.representative("赵示例"): "lead", city.representative("钱示例"): "co"}
    operations.add_proposal(
        title="更早的一件", ref="示 0", submitted_on=date(2026, 1, 8), movers=before, actor=city.office
    )  # so that no row of a mover has the number of its proposal
    proposal = operations.add_proposal(
        title="打通示例路",
        ref="示 1",
        submitted_on=date(2026, 1, 9),
        movers={mandate: "lead", city.representative("李示例"): "co"},
        fine=True,
        actor=city.office,
    )
    honour = operations.add_honour(
        mandate=mandate,
        title="优秀代表",
        level="county",
        awarded_on=date(2026, 1, 9),
        ref="证 1",
        actor=city.office,
    )
    made = report(city, mandate, "https://news.example/1")
    rows = [
        see(client, mandate, "sheet_record", kind, pk).context["record"].rows
        for kind, pk in (
            ("proposal", proposal.movers.get(mandate=mandate).pk),
            ("honour", honour.pk),
            ("media_report", made.pk),
        )
    ]
    assert rows == [
        (("编号", "示 1"), ("提出人", "王样本（领衔）、李示例（附议）"), ("办理", "已立案、优秀建议")),
        (("获得者", "王样本"), ("级别", "县级"), ("证书编号", "证 1"), ("核实", "")),
        (
            ("媒体", "示例1（国家级）"),
            ("报道对象", "王样本"),
            ("体裁", ""),
            ("核实", "代工委，2026-06-18 14:30"),
        ),
    ]


@pytest.mark.parametrize("kind", ["attendance", "media_report", "honour", "proposal"])
def test_a_record_that_is_not_there_answers_404(client, city, year, mandate, kind):
    assert see(client, mandate, "sheet_record", kind, 999).status_code == 404
