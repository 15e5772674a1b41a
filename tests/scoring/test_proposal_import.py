"""Proposals as a spreadsheet: a preview first, then all or nothing; what goes out comes in again unchanged."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
import xlsxwriter
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.spreadsheets.reading import ListUnreadable
from scoring import operations
from scoring.models import Proposal, ProposalImport, ProposalMover
from scoring.operations import ImportRefused, RecordsChanged, apply_proposals, prepare_proposals
from scoring.proposals.plan import plan_of
from scoring.proposals.reading import Line, read_proposals
from sessions.operations import lock_period
from stations import operations as stations_operations
from tests.conftest import START
from tests.scoring.year_city import somebody
from tests.sessions.test_paper_files import BAD

HEAD = ("编号", "题目", "提出日期", "领衔人", "附议人", "立案", "优秀", "重点")
DAY = "2026-03-05"


def book(*rows, head=HEAD, title="议案建议"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as made:
        sheet = made.add_worksheet(title)
        for number, row in enumerate((head, *rows)):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    form = made.add_format({"num_format": "yyyy-mm-dd"})
                    sheet.write_datetime(number, place, value, form)
                else:
                    sheet.write(number, place, value)
    return out.getvalue()


def uploaded(content, name="建议.xlsx"):
    return SimpleUploadedFile(name, content)


def line(number=2, **more):
    words = {"ref": f"A-{number}", "title": "修桥", "submitted_on": DAY, "first": "丁示例", "seconders": ""}
    return Line(number, **{**words, **more})


def planned(city, *lines):
    return plan_of(lines, city.office)


def applied(city, *lines, moment=START):
    pending = prepare_proposals(
        file_name="建议.xlsx", sha256="0" * 64, lines=lines, actor=city.office, moment=START
    )
    seen = planned(city, *lines).seen
    return apply_proposals(pending=pending, seen=seen, actor=city.office, moment=moment)


def stored():
    rows = Proposal.objects.order_by("ref").prefetch_related("movers__mandate__representative")
    return [
        (
            row.ref,
            row.title,
            str(row.submitted_on),
            sorted((str(mover.mandate), mover.role) for mover in row.movers.all()),
            (row.filed, row.fine, row.key),
        )
        for row in rows
    ]


def problems(plan):
    return [problem for row in plan.refused for problem in row.problems]


@pytest.fixture
def people(city):
    return [city.representative(f"{name}示例", login=False) for name in "丁王李"]


def test_a_list_becomes_proposals_with_their_movers(city, people):
    plan = applied(
        city,
        line(2, seconders="王示例、李示例", fine="√", key="是"),
        line(3, title="修路", filed="否"),
    )
    assert (len(plan.new), len(plan.changed)) == (2, 0)
    assert stored() == [
        ("A-2", "修桥", DAY, [("丁示例", "lead"), ("李示例", "co"), ("王示例", "co")], (True, True, True)),
        ("A-3", "修路", DAY, [("丁示例", "sole")], (False, False, False)),
    ]
    log = ModelLogEntry.objects.get(action="scoring.import")
    assert (log.data["new"], log.data["changed"], log.user) == (2, [], city.office)


def test_the_same_list_again_changes_nothing(city, people):
    lines = [line(2, seconders="王示例"), line(3)]
    applied(city, *lines)
    movers = list(ProposalMover.objects.values_list("pk", flat=True))
    plan = applied(city, *lines)
    assert (len(plan.same), len(plan.new), len(plan.changed)) == (2, 0, 0)
    assert list(ProposalMover.objects.values_list("pk", flat=True)) == movers


def test_a_list_without_a_column_leaves_what_it_does_not_name(city, people):
    applied(city, line(2, seconders="王示例", fine="是"))
    plan = planned(city, line(2, seconders=None, key="是"))
    (row,) = plan.changed
    assert [(change.name, change.old, change.new) for change in row.changes] == [("重点", "否", "是")]


def test_who_stays_keeps_the_row_that_the_sheet_names(city, people):
    applied(city, line(2, seconders="王示例"))
    kept = ProposalMover.objects.get(role="lead").pk
    applied(city, line(2, title="修大桥", seconders="李示例"))
    assert stored()[0][1:4] == ("修大桥", DAY, [("丁示例", "lead"), ("李示例", "co")])
    assert ProposalMover.objects.get(role="lead").pk == kept


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ref": ""}, "编号：请填写编号"),
        ({"ref": "长" * 41}, "编号：最多 40 个字"),
        ({"title": ""}, "题目：请填写题目。"),
        ({"title": "长" * 161}, "题目：最多 160 个字"),
        ({"submitted_on": "三月五日"}, "提出日期：“三月五日”读不懂，请写成 2026-03-05。"),
        ({"submitted_on": "2026-02-30"}, "提出日期：“2026-02-30”读不懂"),
        ({"first": ""}, "领衔人：请填一位代表。"),
        ({"first": "丁示例、王示例"}, "领衔人：请填一位，其余的写在附议人里。"),
        ({"first": "无此人"}, "领衔人：2026-03-05 在任的代表里没有找到“无此人”"),
        ({"seconders": "丁示例"}, "附议人：丁示例已经是领衔人"),
        ({"seconders": "王示例（清源镇）"}, "附议人：2026-03-05 在任的代表里没有找到“王示例（清源镇）”"),
        ({"fine": "大概"}, "优秀：“大概”认不出来，请写“是”或“否”。"),
        ({"formulas": "题目"}, "“题目”是公式，请复制后粘贴为数值再传。"),
        ({"submitted_on": "2021-12-31"}, "领衔人：2021-12-31 在任的代表里没有找到"),
    ],
)
def test_a_wrong_line_says_what_to_do_and_keeps_all_others_out(city, people, more, words):
    plan = planned(city, line(2, **more), line(3))
    assert [problem[: len(words)] for problem in problems(plan)] == [words]
    with pytest.raises(ImportRefused, match="还有 1 行要改"):
        applied(city, line(2, **more), line(3))
    assert stored() == []


def test_a_number_twice_in_a_list_names_both_lines(city, people):
    plan = planned(city, line(2, ref="A"), line(9, ref="A"))
    assert problems(plan) == ["编号：和第 2 行的编号 A 重复，请只留一行。"]


def test_two_of_one_name_are_told_apart_by_their_area(city, people):
    city.representative("丁示例", area=city.other_township, group=None, login=False)
    assert problems(planned(city, line(2))) == [
        "领衔人：有 2 位代表叫“丁示例”，请写明区域：丁示例（石桥镇）、丁示例（清源镇）。"
    ]
    applied(city, line(2, first="丁示例（清源镇）"))
    assert ProposalMover.objects.get().mandate.area == city.other_township


@pytest.mark.parametrize("written", ["２０２６－３－５", "2026年3月5日", "2026/3/5", "2026.03.05"])
def test_days_are_read_as_people_write_them(city, people, written):
    applied(city, line(2, submitted_on=written))
    assert stored()[0][2] == DAY


def test_a_number_of_another_area_is_not_touched(city, people):
    there = city.representative("赵示例", area=city.other_township, group=None, login=False)
    operations.add_proposal(
        title="别处", ref="A-2", submitted_on=date(2026, 3, 5), movers={there: "sole"}, actor=city.office
    )
    clerk = somebody(city, "clerk", "office", city.township)
    plan = plan_of([line(2)], clerk)
    assert problems(plan) == ["编号：A-2 已由别的区域登记，请核对编号。"]


def test_days_that_were_handed_up_take_nothing_but_what_stands_there_is_no_obstacle(city, people):
    applied(city, line(2))
    lock_period(areas=[city.township], first=date(2026, 1, 1), last=date(2026, 12, 31), actor=city.office)
    plan = planned(city, line(2), line(3), line(2, ref="A-2", title="改"))
    assert [row.outcome for row in plan.rows] == ["same", "refused", "refused"]
    assert problems(plan)[0] == "提出日期：石桥镇的这一年度已经上报，记录不能再增加或修改。"


def test_records_that_changed_since_the_preview_are_shown_anew(city, people):
    pending = prepare_proposals(
        file_name="建议.xlsx", sha256="0" * 64, lines=[line(2)], actor=city.office, moment=START
    )
    seen = planned(city, line(2)).seen
    operations.add_proposal(
        title="先到", ref="A-2", submitted_on=date(2026, 3, 5), movers={people[0]: "sole"}, actor=city.office
    )
    with pytest.raises(RecordsChanged):
        apply_proposals(pending=pending, seen=seen, actor=city.office, moment=START)
    assert stored()[0][1] == "先到"


def test_an_applied_or_old_list_is_not_applied_again(city, people):
    pending = prepare_proposals(
        file_name="建议.xlsx", sha256="0" * 64, lines=[line(2)], actor=city.office, moment=START
    )
    seen = planned(city, line(2)).seen
    late = START + timedelta(hours=25)
    with pytest.raises(ImportRefused, match="超过 24 小时"):
        apply_proposals(pending=pending, seen=seen, actor=city.office, moment=late)
    apply_proposals(pending=pending, seen=seen, actor=city.office, moment=START)
    assert apply_proposals(pending=pending, seen=seen, actor=city.office, moment=START) is None
    assert ProposalImport.objects.get().lines == []


@pytest.mark.parametrize("count", [1, 60])
def test_planning_asks_the_same_number_of_queries(city, people, count, django_assert_num_queries):
    lines = [line(number, seconders="王示例、李示例") for number in range(count)]
    with django_assert_num_queries(5):  # proposals, areas of the user, kept, people, locks
        planned(city, *lines)


def test_an_interrupted_import_leaves_nothing(city, people, monkeypatch):
    def broken(*args, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(ProposalMover.objects, "bulk_create", broken)
    with pytest.raises(KeyboardInterrupt):
        applied(city, line(2))
    monkeypatch.undo()
    assert (stored(), ProposalImport.objects.filter(applied_at__isnull=False).count()) == ([], 0)
    applied(city, line(2))
    assert len(stored()) == 1


# --- the file


def test_a_file_is_read_with_a_title_days_numbers_and_rare_characters(city):
    content = book(
        ("", "", "", "", "", "", "", ""),
        HEAD,
        (12.0, "  修桥\n修路 ", date(2026, 3, 5), "𠮷示例", "", "是", "", "√"),
        head=("某地 2026 年建议汇总",),
    )
    name, _, lines = read_proposals(uploaded(content))
    assert (name, lines) == (
        "建议.xlsx",
        [Line(4, "12", "修桥 修路", "2026-03-05", "𠮷示例", "", "是", "", "√")],
    )


def test_a_formula_is_named_and_never_reckoned(city, people):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for place, name in enumerate(HEAD):
            sheet.write(0, place, name)
        for place, value in enumerate(("A-2", '=HYPERLINK("x")', DAY, "丁示例")):
            sheet.write(1, place, value)
    _, _, lines = read_proposals(uploaded(out.getvalue()))
    assert problems(planned(city, *lines))[0] == "“题目”是公式，请复制后粘贴为数值再传。"


@pytest.mark.parametrize("head", [("编号", "题目", "提出日期"), ("a", "b", "c", "d")])
def test_a_file_without_the_headings_is_refused(head):
    with pytest.raises(ListUnreadable, match="“编号”“题目”“提出日期”“领衔人”四列"):
        read_proposals(uploaded(book(("1", "2", "3", "4"), head=head)))


@pytest.mark.parametrize(
    "what", sorted(set(BAD) - {"too many rows", "no header", "a header alone", "nothing"})
)
def test_what_is_no_list_is_refused_with_its_status(client, city, what):
    client.force_login(city.office)
    make, _ = BAD[what]
    answer = client.post(reverse("proposal:import"), {"file": uploaded(make())})
    assert (answer.status_code, ProposalImport.objects.count()) == (400, 0)


# --- the pages


@pytest.fixture
def office(client, city):
    client.force_login(city.office)
    with time_machine.travel(START, tick=False):
        yield client


def test_the_office_uploads_looks_and_confirms(office, city, people):
    answer = office.post(
        reverse("proposal:import"), {"file": uploaded(book(("A-2", "修桥", DAY, "丁示例", "", "", "", "")))}
    )
    preview = office.get(answer.url)
    page = BeautifulSoup(preview.content, "html.parser")
    assert "新登记 1 件，更改 0 件，没有变化 0 件，要改 0 行。" in page.get_text()
    done = office.post(answer.url, {"seen": page.select_one("input[name=seen]")["value"]})
    assert (done.status_code, done.url, len(stored())) == (302, reverse("proposal:index"), 1)
    again = office.get(answer.url)
    assert "导入，没有可以再做的" in again.content.decode()


def test_a_list_in_trouble_has_no_button(office, city, people):
    answer = office.post(
        reverse("proposal:import"), {"file": uploaded(book(("A-2", "", DAY, "<b>甲</b>", "", "", "", "")))}
    )
    page = office.get(answer.url).content.decode()
    assert ("有 1 行要改" in page, "确认导入" in page, "<b>甲</b>" in page) == (True, False, False)
    refused = office.post(answer.url, {"seen": "x"})
    assert refused.status_code == 409


def test_a_preview_is_its_readers_own(office, client, city, people):
    answer = office.post(
        reverse("proposal:import"), {"file": uploaded(book(("A-2", "修桥", DAY, "丁示例", "", "", "", "")))}
    )
    other = somebody(city, "other", "office", city.county)
    other.is_superuser = True
    other.save()
    client.force_login(other)
    assert client.get(answer.url).status_code == 404


def test_what_goes_out_comes_in_again_unchanged(office, city, people):
    applied(
        city,
        line(2, title="=1+1 的建议", seconders="王示例、李示例", fine="是"),
        line(3, title="+86 的建议", filed="否"),
    )
    answer = office.post(reverse("proposal:export"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["议案建议"]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row if cell.value is not None}
    assert kinds == {"s", "d", "n"}
    _, _, lines = read_proposals(uploaded(answer.content))
    assert len(planned(city, *lines).same) == 2
    log = ModelLogEntry.objects.filter(action="scoring.export").latest("pk")
    assert log.data == {"proposals": 2}


def test_the_blank_list_reads_and_its_example_is_no_person(office, city, people):
    answer = office.get(reverse("proposal:blank"))
    _, _, lines = read_proposals(uploaded(answer.content))
    assert [each.ref for each in lines] == ["示例-001"]
    assert len(planned(city, *lines).refused) == 1


def test_the_office_of_one_area_takes_out_its_own_only(client, city, people):
    there = city.representative("赵示例", area=city.other_township, group=None, login=False)
    for ref, mandate in (("A-1", people[0]), ("A-2", there)):
        operations.add_proposal(
            title="建议", ref=ref, submitted_on=date(2026, 3, 5), movers={mandate: "sole"}, actor=city.office
        )
    clerk = somebody(city, "clerk", "office", city.township)
    clerk.is_staff = clerk.is_superuser = True
    clerk.save()
    client.force_login(clerk)
    _, _, lines = read_proposals(uploaded(client.post(reverse("proposal:export")).content))
    assert [each.ref for each in lines] == ["A-1"]


def test_a_mandate_that_ended_is_not_found_on_a_later_day(city, people):
    stations_operations.end_mandate(mandate=people[0], day=date(2026, 3, 4), actor=city.office)
    assert problems(planned(city, line(2))) == [
        "领衔人：2026-03-05 在任的代表里没有找到“丁示例”，请核对姓名和日期。"
    ]
