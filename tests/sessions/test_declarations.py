"""A representative declares: drafts, evidence, handing in, amending, taking back (issue 3; THREATS 8, 14, 18, 28)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image

from portal.uploads import UploadRefused, private_storage
from sessions.declarations.own import choices_of, declarations_of
from sessions.models import Declaration, DeclarationEvent, DeclarationFile
from sessions.operations import (
    DeclarationRefused,
    Deed,
    attach_evidence,
    close_roll,
    lock_period,
    record_status,
    remove_evidence,
    return_declaration,
    save_declaration,
    submit_declaration,
    withdraw_declaration,
)
from tests.conftest import START
from tests.sessions.declared import DAY, LATER, attended, deed, draft, photo, written


@pytest.fixture
def mandate(city):
    return city.representative()


@pytest.fixture
def missed(city, mandate):
    """An activity the person was listed for and has no row of."""
    activity = city.activity()
    city.enrol(activity, mandate)
    return activity


def test_the_same_form_sent_twice_is_one_declaration(mandate):
    first, second = (draft(mandate, nonce="n" * 32) for _ in range(2))
    assert (first.pk, Declaration.objects.count()) == (second.pk, 1)


def test_the_nonce_of_somebody_else_is_no_obstacle(city, mandate):
    mine, other = draft(mandate, nonce="n"), draft(city.representative("田示范"), nonce="n")
    assert (mine.representative_id == other.representative_id, Declaration.objects.count()) == (False, 2)


def test_an_activity_has_one_declaration_that_lives(mandate, missed):
    first, second = draft(mandate, missed), draft(mandate, missed)
    withdraw_declaration(declaration=first, actor=mandate.representative.user, moment=LATER)
    third = draft(mandate, missed)
    assert (first.pk == second.pk, third.pk == first.pk) == (True, False)


def test_the_database_keeps_a_second_live_one_out(mandate, missed):
    made = draft(mandate, missed)
    made.pk, made.nonce = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_an_attendance_takes_what_when_and_where_from_the_activity(mandate, missed):
    made = attended(mandate, missed)
    told = (made.title, made.happened_on, made.part, made.mandate, made.area, made.units)
    assert told == ("示例分享会", DAY, "afternoon", mandate, missed.area, 1)


@pytest.mark.parametrize("status", ["present", "late", "left_early"])
def test_who_is_recorded_as_having_come_need_not_declare(city, mandate, missed, status):
    record_status(
        activity=missed,
        representative=mandate.representative,
        status=status,
        actor=city.recorder,
        moment=START,
    )
    with pytest.raises(DeclarationRefused, match="名册上已经有您的记录"):
        draft(mandate, missed)


def test_an_activity_one_was_not_listed_for_and_one_to_come_cannot_be_declared(city, mandate, missed):
    for activity, moment in ((city.activity(), LATER), (missed, START - timedelta(seconds=1))):
        with pytest.raises(DeclarationRefused, match="名单里有您的活动"):
            draft(mandate, activity, moment=moment)


def test_offered_are_activities_listed_without_a_row_or_marked_absent_the_latest_first(city, mandate):
    made = {}
    for n, status in enumerate(("none", "absent", "present", "leave")):
        made[status] = city.activity(title=status, starts_at=START - timedelta(days=n))
        city.enrol(made[status], mandate)
        if status != "none":
            record_status(
                activity=made[status],
                representative=mandate.representative,
                status=status,
                actor=city.recorder,
                moment=START,
                reason="示例",
            )
    city.enrol(city.activity(title="以后", starts_at=LATER + timedelta(days=1)), mandate)
    city.activity(title="名单外")
    offered = [(c.activity.title, c.words) for c in choices_of(mandate.representative, LATER)]
    assert offered == [
        ("none", "名册上没有记录"),
        ("absent", "名册上是“缺席”"),
        ("leave", "名册上是“请假”"),
    ]


def test_what_is_declared_is_offered_no_more_until_it_is_withdrawn(mandate, missed):
    made = attended(mandate, missed)
    before = choices_of(mandate.representative, LATER)
    withdraw_declaration(declaration=made, actor=mandate.representative.user, moment=LATER)
    assert (before, len(choices_of(mandate.representative, LATER))) == ([], 1)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"title": ""}, "请补上做了什么"),
        ({"day": None}, "请补上做了什么"),
        ({"part": ""}, "请补上做了什么"),
        ({"text": ""}, "请写几句经过，或者附一张照片"),
        ({"day": LATER.date() + timedelta(days=1)}, "这个时间还没有到"),
        ({"day": LATER.date(), "part": "evening"}, "这个时间还没有到"),
        ({"day": DAY.replace(year=2020)}, "没有在任的代表身份"),
    ],
)
def test_what_is_not_whole_is_kept_as_a_draft_and_not_handed_in(mandate, told, why):
    made = written(mandate, **told)
    with pytest.raises(DeclarationRefused, match=why):
        submit_declaration(declaration=made, actor=mandate.representative.user, moment=LATER)
    assert Declaration.objects.get().state == "draft"


def test_a_photograph_says_as_much_as_words(mandate):
    made = written(mandate, text="")
    attach_evidence(declaration=made, file=photo(), actor=mandate.representative.user)
    done = submit_declaration(declaration=made, actor=mandate.representative.user, moment=LATER)
    assert (done.state, done.version, done.mandate, done.area) == ("submitted", 1, mandate, mandate.area)


def test_handing_in_twice_is_once(mandate):
    made = deed(mandate)
    again = submit_declaration(declaration=made, actor=mandate.representative.user, moment=LATER)
    assert (again.version, DeclarationEvent.objects.count()) == (1, 1)


def test_a_day_of_a_year_that_was_handed_up_cannot_be_declared_any_more(city, mandate):
    first, last = DAY.replace(month=1, day=1), DAY.replace(month=12, day=31)
    lock_period(areas=[city.county], first=first, last=last, actor=city.office)
    with pytest.raises(DeclarationRefused, match="2026 年度已经上报，6 月 18 日不能再增加记录"):
        deed(mandate)


# --- evidence -----------------------------------------------------------------------------------------------


def test_a_photograph_is_kept_without_its_place_and_with_a_small_picture(mandate):
    row = attach_evidence(
        declaration=draft(mandate), file=photo(size=(1200, 900)), actor=mandate.representative.user
    )
    sizes = []
    for stored in (row.file, row.preview):
        with stored.open() as content, Image.open(content) as picture:
            sizes.append((picture.size, dict(picture.getexif())))
    assert sizes == [((1200, 900), {}), ((480, 360), {})]


def test_the_same_photograph_twice_is_one_and_a_seventh_is_refused(mandate):
    made, user = draft(mandate), mandate.representative.user
    for n in (0, 0, 1, 2, 3, 4, 5):
        attach_evidence(declaration=made, file=photo(size=(40 + n, 40)), actor=user)
    with pytest.raises(DeclarationRefused, match="最多 6 份材料"):
        attach_evidence(declaration=made, file=photo(size=(99, 40)), actor=user)
    assert list(made.files.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_database_takes_no_seventh_place(mandate):
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationFile.objects.create(
            declaration=draft(mandate), name="x", kind="jpg", sha256="x", size=1, position=7
        )


def test_what_is_no_evidence_is_refused_and_leaves_nothing(mandate):
    before = sorted(Path(private_storage().location).rglob("*"))
    svg = photo("画.svg")
    svg.file.seek(0)
    svg.file.write(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>      ")
    with pytest.raises(UploadRefused, match="不是可以上传的种类"):
        attach_evidence(declaration=draft(mandate), file=svg, actor=mandate.representative.user)
    assert (DeclarationFile.objects.count(), sorted(Path(private_storage().location).rglob("*"))) == (
        0,
        before,
    )


def test_a_piece_of_evidence_taken_away_leaves_its_place_and_no_file(mandate, commits):
    made, user = draft(mandate), mandate.representative.user
    first = attach_evidence(declaration=made, file=photo(size=(41, 40)), actor=user)
    attach_evidence(declaration=made, file=photo(size=(42, 40)), actor=user)
    with commits():
        remove_evidence(file=first, actor=user)
    again = attach_evidence(declaration=made, file=photo(size=(43, 40)), actor=user)
    stored = [f.storage.exists(f.name) for f in (first.file, first.preview, again.file)]
    assert (again.position, stored) == (1, [False, False, True])


def test_a_draft_that_nobody_saw_goes_with_its_files_and_one_handed_in_keeps_them(mandate, commits):
    user = mandate.representative.user
    unseen, seen = written(mandate), deed(mandate, files=1)
    attach_evidence(declaration=unseen, file=photo(), actor=user)
    with commits():
        for each in (unseen, seen):
            withdraw_declaration(declaration=each, actor=user, moment=LATER)
    assert (unseen.files.count(), seen.files.count()) == (0, 1)


# --- amending, and the history ------------------------------------------------------------------------------


def test_nothing_is_changed_once_it_was_handed_in(mandate):
    made, user = deed(mandate, files=1), mandate.representative.user
    for change in (
        lambda: save_declaration(declaration=made, text="改", actor=user, deed=Deed()),
        lambda: attach_evidence(declaration=made, file=photo(size=(9, 9)), actor=user),
        lambda: remove_evidence(file=made.files.get(), actor=user),
    ):
        with pytest.raises(DeclarationRefused, match="现在是“待审核”，不能再改"):
            change()


def test_what_came_back_is_amended_and_both_texts_stay_in_the_history(city, mandate):
    made, user = deed(mandate, text="第一稿"), mandate.representative.user
    return_declaration(declaration=made, reason="请补照片", actor=city.recorder, moment=LATER)
    told = Deed(title="走访四户示例家庭", happened_on=DAY, part="morning")
    save_declaration(declaration=made, text="第二稿", deed=told, actor=user)
    attach_evidence(declaration=made, file=photo(), actor=user)
    again = submit_declaration(declaration=made, actor=user, moment=LATER)
    history = [
        (e.kind, e.version, e.reason, e.content.get("text"), len(e.content.get("files", [])))
        for e in made.events.order_by("pk")
    ]
    assert (again.state, again.decided_by) == ("submitted", None)
    assert history == [
        ("submitted", 1, "", "第一稿", 0),
        ("returned", 1, "请补照片", None, 0),
        ("submitted", 2, "", "第二稿", 1),
    ]


def test_the_database_refuses_to_change_the_history_of_a_declaration(mandate):
    deed(mandate)
    for verb in ("UPDATE sharing_declarationevent SET reason = 'x'", "DELETE FROM sharing_declarationevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_taking_back_twice_is_once_and_what_counts_stays(city, mandate, missed):
    user = mandate.representative.user
    made = deed(mandate)
    for _ in range(2):
        withdraw_declaration(declaration=made, actor=user, moment=LATER)
    assert made.events.filter(kind="withdrawn").count() == 1


def test_thirty_unfinished_ones_are_enough(mandate):
    for _ in range(30):
        draft(mandate)
    with pytest.raises(DeclarationRefused, match="还有 30 件申报没有办完"):
        draft(mandate)


def test_what_came_back_stands_first_in_ones_own_list(city, mandate):
    old, new = deed(mandate, title="先"), deed(mandate, title="后")
    return_declaration(declaration=old, reason="请补照片", actor=city.recorder, moment=LATER)
    assert [d.title for d in declarations_of(mandate.representative)] == ["先", "后"]
    assert new.state == "submitted"


def test_a_closed_roll_that_says_absent_can_still_be_declared_against(city, mandate, missed):
    close_roll(activity=missed, actor=city.recorder, moment=START + timedelta(hours=3))
    assert attended(mandate, missed).state == "submitted"
