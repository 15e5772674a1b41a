"""What earns beside attendance: entered, verified, corrected, and what is refused."""

from datetime import date

import pytest

from scoring import operations
from scoring.media import alike, newest_reports
from scoring.models import Honour, MediaReport, Outlet, Proposal
from scoring.operations import EarnedRefused
from scoring.operations.earned import canonical_link, own_story
from scoring.people import Unknown, mandates_named, named
from stations.models import Mandate
from stations.operations import end_mandate
from tests.conftest import START

DAY = date(2026, 5, 1)


@pytest.fixture
def outlet(city):
    return operations.add_outlet(name="示例日报", level="municipal", medium="paper", actor=city.office)


def enter(city, outlet, *mandates, title="一条断头路", url="https://news.example/a", day=DAY, **more):
    return operations.report_media(
        title=title,
        outlet=outlet,
        published_on=day,
        mandates=mandates,
        url=url,
        actor=city.office,
        **more,
    )


def verified(city, *args, **more):
    return operations.verify_report(report=enter(city, *args, **more), actor=city.office, moment=START)


def change(city, report, **more):
    facts = {
        "title": report.title,
        "outlet": report.outlet,
        "published_on": report.published_on,
        "mandates": [row.mandate for row in report.subjects.order_by("pk")],
        "url": report.url,
        "story": report.story,
        "form": report.form,
    }
    return operations.change_report(report=report, actor=city.office, **{**facts, **more})


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/a",
        "https://www.news.example/a/",
        "https://m.news.example/a#top",
        "https://news.example/a?utm_source=x&spm=1",
        "HTTPS://NEWS.example/a?from=weixin",
        " https://news.example:443/a?share_token=1 ",
    ],
)
def test_addresses_of_one_page_are_one_link(other):
    assert canonical_link(other) == canonical_link("https://news.example/a")


@pytest.mark.parametrize(
    "other", ["https://news.example/A", "https://news.example/a?id=1", "https://a.example/a"]
)
def test_addresses_of_other_pages_are_other_links(other):
    assert canonical_link(other) != canonical_link("https://news.example/a")


def test_the_order_of_a_query_makes_no_other_link():
    assert canonical_link("https://n.example/?b=2&a=1") == canonical_link("https://n.example/?a=1&b=2")


def test_the_same_link_twice_is_refused_with_the_first(city, outlet):
    mandate = city.representative()
    first = enter(city, outlet, mandate)
    with pytest.raises(EarnedRefused, match="这个链接已经登记过：《一条断头路》（2026-05-01）。") as refused:
        enter(city, outlet, mandate, url="http://www.news.example/a/?utm_source=x")
    assert (refused.value.first, MediaReport.objects.count()) == (first, 1)


@pytest.mark.parametrize(
    "url", ["javascript://news.example/%0aalert(1)", "data:text/html,x", "ftp://news.example/a", "一条新闻"]
)
def test_what_is_no_web_address_is_refused(city, outlet, url):
    mandate = city.representative()
    with pytest.raises(EarnedRefused, match="链接要以 http"):
        enter(city, outlet, mandate, url=url)
    assert MediaReport.objects.count() == 0


def test_two_reports_without_a_link_do_not_meet(city, outlet):
    mandate = city.representative()
    one = enter(city, outlet, mandate, url="")
    other = enter(city, outlet, mandate, url="", title="另一篇")
    assert one.story != other.story


def test_a_report_about_nobody_is_refused(city, outlet):
    with pytest.raises(EarnedRefused, match="请选择这篇报道写的是哪一位代表。"):
        enter(city, outlet)


def test_a_long_address_is_a_story_of_its_own_within_the_column(outlet):
    stories = {own_story(f"news.example/{'a' * 200}{end}", outlet, DAY, "甲") for end in "xy"}
    assert (len(stories), {len(story) for story in stories}) == (2, {80})


def test_a_report_waits_until_the_office_has_verified_it(city, outlet):
    report = enter(city, outlet, city.representative())
    done = operations.verify_report(report=report, actor=city.office, moment=START, story="断头路")
    assert (report.state, done.state, done.verified_at, done.verified_by, done.story) == (
        "submitted",
        "verified",
        START,
        city.office,
        "断头路",
    )


def test_nobody_verifies_the_report_about_themselves(city, outlet):
    mandate = city.representative()
    with pytest.raises(EarnedRefused, match="请由另一位同事核实"):
        operations.verify_report(
            report=enter(city, outlet, mandate), actor=mandate.representative.user, moment=START
        )


def test_setting_a_report_aside_asks_for_the_reason(city, outlet):
    report = enter(city, outlet, city.representative())
    with pytest.raises(EarnedRefused, match="请写明未采用的原因。"):
        operations.reject_report(report=report, actor=city.office, moment=START, note=" ")
    aside = operations.reject_report(report=report, actor=city.office, moment=START, note="不是专题报道")
    assert (aside.state, aside.note) == ("rejected", "不是专题报道")


def test_a_verified_report_that_is_set_aside_is_public_no_more(city, outlet):
    report = verified(city, outlet, city.representative())
    operations.reject_report(report=report, actor=city.office, moment=START, note="撤稿")
    assert MediaReport.objects.verified().count() == 0


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"title": "改了标题"}, "verified"),
        ({"story": "断头路"}, "verified"),
        ({"url": "http://www.news.example/a/"}, "verified"),
        ({"published_on": date(2026, 5, 2)}, "submitted"),
        ({"url": "https://news.example/b"}, "submitted"),
    ],
)
def test_what_the_verification_vouched_for_must_be_verified_again_when_changed(city, outlet, more, state):
    report = verified(city, outlet, city.representative())
    assert change(city, report, **more).state == state


def test_other_people_in_a_verified_report_must_be_verified_again(city, outlet):
    one, two = city.representative(), city.representative("李示例")
    report = change(city, verified(city, outlet, one), mandates=[two])
    assert (report.state, [row.mandate for row in report.subjects.all()]) == ("submitted", [two])


def test_a_report_keeps_its_own_link_when_changed_and_may_not_take_anothers(city, outlet):
    mandate = city.representative()
    first, second = enter(city, outlet, mandate), enter(city, outlet, mandate, url="https://news.example/b")
    kept = change(city, first, title="改")
    with pytest.raises(EarnedRefused) as refused:
        change(city, second, url="https://news.example/a")
    assert (kept.title, refused.value.first) == ("改", first)


def test_an_outlet_stands_once_in_the_directory(city, outlet):
    with pytest.raises(EarnedRefused, match="“示例日报”已经在媒体名录里。"):
        operations.add_outlet(name=" 示例日报", level="county", medium="tv", actor=city.office)
    other = operations.add_outlet(name="示例晚报", level="county", medium="paper", actor=city.office)
    with pytest.raises(EarnedRefused, match="已经在媒体名录里"):
        operations.change_outlet(
            outlet=other, name="示例日报", level="county", medium="paper", actor=city.office
        )
    assert Outlet.objects.count() == 2


def propose(city, movers, ref="示 1", **more):
    return operations.add_proposal(
        title="打通示例路", ref=ref, submitted_on=DAY, movers=movers, actor=city.office, **more
    )


def test_a_proposal_needs_movers_whose_roles_fit_together(city):
    one, two = city.representative(), city.representative("李示例")
    for movers, words in (
        ({}, "请填写提出人。"),
        ({one: "sole", two: "co"}, "不能写独立提出"),
        ({one: "lead", two: "lead"}, "领衔人只能有一位"),
    ):
        with pytest.raises(EarnedRefused, match=words):
            propose(city, movers)
    assert Proposal.objects.count() == 0


def test_a_proposals_number_stands_once(city):
    mandate = city.representative()
    propose(city, {mandate: "sole"})
    with pytest.raises(EarnedRefused, match="编号 示 1 已经登记过"):
        propose(city, {mandate: "sole"}, ref=" 示 1 ")


def test_a_mover_who_stays_keeps_the_row(city):
    one, two, three = (city.representative(f"代表{n}") for n in range(3))
    proposal = propose(city, {one: "lead", two: "co"})
    row = proposal.movers.get(mandate=one).pk
    operations.change_proposal(
        proposal=proposal,
        title="改",
        ref="示 2",
        submitted_on=DAY,
        movers={one: "lead", three: "co"},
        fine=True,
        actor=city.office,
    )
    fresh = Proposal.objects.get()
    assert (
        fresh.title,
        fresh.ref,
        fresh.fine,
        list(fresh.movers.order_by("pk").values_list("mandate", "role")),
    ) == (
        "改",
        "示 2",
        True,
        [(one.pk, "lead"), (three.pk, "co")],
    )
    assert fresh.movers.get(mandate=one).pk == row


def test_a_proposal_may_keep_its_number_and_not_take_anothers(city):
    mandate = city.representative()
    propose(city, {mandate: "sole"})
    other = propose(city, {mandate: "sole"}, ref="示 2")
    with pytest.raises(EarnedRefused, match="编号 示 1 已经登记过"):
        operations.change_proposal(
            proposal=other,
            title="乙",
            ref="示 1",
            submitted_on=DAY,
            movers={mandate: "sole"},
            actor=city.office,
        )


def test_what_was_entered_by_mistake_can_be_removed(city):
    mandate = city.representative()
    operations.remove_proposal(proposal=propose(city, {mandate: "sole"}), actor=city.office)
    honour = operations.add_honour(
        mandate=mandate, title="优秀", level="county", awarded_on=DAY, actor=city.office
    )
    changed = operations.change_honour(
        honour=honour,
        mandate=mandate,
        title="先进",
        level="municipal",
        awarded_on=DAY,
        ref=" 证 1 ",
        actor=city.office,
    )
    assert (changed.title, changed.level, changed.ref) == ("先进", "municipal", "证 1")
    operations.remove_honour(honour=honour, actor=city.office)
    assert (Proposal.objects.count(), Honour.objects.count()) == (0, 0)


def test_every_write_leaves_a_line_in_the_log(city, outlet):
    from wagtail.models import ModelLogEntry

    report = verified(city, outlet, city.representative())
    change(city, report, title="改")
    rows = ModelLogEntry.objects.for_instance(report)
    assert list(rows.order_by("pk").values_list("action", "user")) == [
        ("scoring.record", city.office.pk),
        ("scoring.verify_report", city.office.pk),
        ("scoring.record", city.office.pk),
    ]


def test_the_newest_reports_show_each_story_once(city, outlet):
    mandate = city.representative()
    verified(city, outlet, mandate, story="断头路")
    newer = verified(
        city, outlet, mandate, url="https://news.example/b", day=date(2026, 5, 3), story="断头路"
    )
    other = verified(city, outlet, mandate, url="https://news.example/c", day=date(2026, 5, 2))
    enter(city, outlet, mandate, url="https://news.example/d", day=date(2026, 5, 9), story="断头路")
    assert list(newest_reports()) == [newer, other]


def test_a_report_with_a_like_title_in_those_days_is_suggested(city, outlet):
    mandate = city.representative()
    first = enter(city, outlet, mandate, title="一条断头路打通了")
    enter(city, outlet, mandate, title="窑火不灭", url="https://news.example/b")
    enter(city, outlet, mandate, title="一条断头路", url="https://news.example/c", day=date(2026, 8, 1))
    again = enter(city, outlet, mandate, title="专访：一条断头路", url="https://news.example/d")
    assert alike(again) == [first]


def test_names_become_the_mandates_of_the_day(city):
    old = city.representative("王样本")
    end_mandate(mandate=old, day=date(2026, 3, 31), actor=city.office)
    new = Mandate.objects.create(
        representative=old.representative, term=city.term, area=city.township, starts_on=date(2026, 4, 1)
    )
    other = city.representative("李示例")
    everybody = Mandate.objects.all()
    assert mandates_named("李示例、王样本", DAY, everybody) == [other, new]
    assert mandates_named("王样本", date(2026, 3, 1), everybody) == [old]


def test_two_people_of_one_name_are_told_apart_by_their_area(city):
    one = city.representative("王样本")
    other = city.representative("王样本", area=city.other_township, group=None)
    everybody = Mandate.objects.all()
    with pytest.raises(
        Unknown, match="有 2 位代表叫“王样本”，请写明区域：王样本（石桥镇）、王样本（清源镇）。"
    ):
        mandates_named("王样本", DAY, everybody)
    assert mandates_named("王样本（清源镇）", DAY, everybody) == [other]
    assert mandates_named(named([one, other]), DAY, everybody) == [one, other]


def test_a_name_nobody_has_is_said(city):
    with pytest.raises(Unknown, match="2026-05-01 在任的代表里没有找到“无此人”"):
        mandates_named("无此人", DAY, Mandate.objects.all())
