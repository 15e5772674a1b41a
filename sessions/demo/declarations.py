"""Seed what the two representatives with a login declared: handed in, sent back, confirmed, one still a draft."""

from datetime import date, datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from portal.models import User
from sessions.demo.rolls import at, plan
from sessions.models import Declaration
from sessions.operations import (
    Deed,
    attach_evidence,
    confirm_declaration,
    declare,
    return_declaration,
    save_declaration,
    submit_declaration,
)
from stations.demo.scenes import draw_scene
from stations.models import Mandate

# Person (0 or 1), kind, title, days ago, part, place, words, scenes of the photographs, what became of it.
ROWS = (
    (0, "visit", "走访三户独居老人家庭", 3, "morning", "示例村东头", "逐户看了取暖和用电，记下两件要办的小事。",
     ("field", "road"), "waiting"),
    (0, "research", "调研窑口余热供暖的账", 9, "afternoon", "示范街道", "和三家窑口算了去年的用气量，底账已拍照。",
     ("kiln",), "waiting"),
    (0, "reception", "接待两位反映灌溉渠的村民", 20, "morning", "联络站", "来人说渠口淤了，已转给水利站。",
     (), "waiting"),
    (0, "hearing", "旁听一起劳动争议庭审", 34, "morning", "示范法庭", "听完全程，和三位代表一起座谈。", (), "returned"),
    (0, "visit", "走访返乡办厂的年轻人", 48, "afternoon", "示范工业园", "看了两条生产线，问了用工。", ("workshop",), "confirmed"),
    (1, "visit", "走访三户种植大户", 3, "morning", "示例村西头", "问了药材的销路和烘干。", ("herbs",), "waiting"),
    (1, "inspection", "查看村口公交站台的台阶", 6, "afternoon", "示例村口", "量了台阶高度，拍了前后对比。", ("street", "road"), "waiting"),
    (1, "other", "帮两位老人办好医保手机认证", 12, "morning", "联络站", "", (), "draft"),
)  # fmt: skip
WHY = "请补一张旁听证的照片，或写明案号，周五 18:00 前补上就好。"


def declarations(moment: datetime, mandates: list[Mandate], recorder: User, office: User) -> None:
    """Let the people with a login declare what they did before `moment`, through the operations."""
    people = [m for m in mandates if m.representative.user_id]
    for number, (who, kind, title, ago, part, place, words, scenes, fate) in enumerate(ROWS):
        day = timezone.localdate(moment) - timedelta(days=ago)
        told = Deed(deed_kind=kind, title=title, happened_on=day, part=part, place=place)
        handed_in = at(day + timedelta(days=1), "20:10")
        made = _written(people[who % len(people)], told, words, f"demo-{number}", handed_in)
        for place_of, scene in enumerate(scenes):
            file = ContentFile(
                _photograph(100 * number + place_of, scene), name=f"现场照片{place_of + 1}.jpg"
            )
            attach_evidence(declaration=made, file=file, actor=made.declared_by)
        if fate != "draft":
            made = submit_declaration(declaration=made, actor=made.declared_by, moment=handed_in)
        last_year = day.year < timezone.localdate(moment).year  # is handed up, where nothing may wait
        decided = handed_in + timedelta(hours=14)
        if fate == "returned":
            return_declaration(declaration=made, reason=WHY, actor=recorder, moment=decided)
        elif fate == "confirmed" or (fate == "waiting" and last_year):
            confirm_declaration(declaration=made, actor=recorder, moment=decided)
    today = timezone.localdate(moment)
    if (today - timedelta(days=2)).year == today.year:  # last year's rolls must all be closed
        _missed(people[0], today - timedelta(days=2), office)


def _written(mandate: Mandate, told: Deed, words: str, nonce: str, moment: datetime) -> Declaration:
    user = mandate.representative.user
    assert user
    made = declare(
        representative=mandate.representative,
        nonce=nonce,
        actor=user,
        moment=moment,
        deed_kind=told.deed_kind,
    )
    return save_declaration(declaration=made, text=words, deed=told, actor=user)


def _missed(mandate: Mandate, day: date, office: User) -> None:
    """A small open activity without a row for the person, so that the first choice of the form has something."""
    plan(
        "seminar", "小组座谈：把建议写短", mandate.area, at(day, "15:00"), office, invited=[mandate],
        place=f"{mandate.area.name}代表联络站",
    )  # fmt: skip


def _photograph(seed: int, scene: str) -> bytes:
    """Return a drawn scene as the JPEG of a phone; nobody real is on it."""
    out = BytesIO()
    with Image.open(BytesIO(draw_scene(seed, subject=scene, size=(800, 500)))) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
