"""Seed areas, people, stations, rosters, reception days, and the pages of stations and stories."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image as PictureFile
from wagtail.images import get_image_model

from portal.installation.operations import add_section
from portal.models import HomePage, User
from stations.demo.accounts import ACCOUNTS, PASSWORD
from stations.demo.people import people
from stations.demo.places import place_pages
from stations.demo.portraits import draw_portrait, draw_scene
from stations.models import (
    Area,
    DeputyGroup,
    Mandate,
    ProfilePage,
    Representative,
    Station,
    Term,
)
from stations.operations import (
    add_area,
    add_to_roster,
    grant,
    open_account,
    plan_reception,
    register_representative,
)
from stations.sections import PEOPLE

FOLDER = Path(__file__).parent
NUMBER = 300
Say = Callable[[str], None]
SCENES = {"钧陶瓷": "kiln", "铸造": "workshop", "三粉": "noodles", "农业": "herbs"}


def seed(moment: datetime, say: Say) -> None:
    """Fill an empty site; `moment` is taken as now. The same moment gives the same city."""
    random = Random(411081)  # noqa: S311 -- a demonstration, no secret
    today = timezone.localdate(moment)
    say("26 个乡镇街道、账号与身份")
    root, townships = _areas()
    users = _accounts(root)
    office = users["office"]
    say(f"{NUMBER} 位虚构代表与 26 个代表小组")
    term = Term.objects.create(number=15, name="第十五届", starts_on=date(today.year - 4, 1, 1))
    mandates = _representatives(random, term, townships, users, office)
    say("26 个联络站、4 个产业联络点与接待日")
    stations = _stations(townships, mandates, term, office)
    _reception_days(random, stations, today, office)
    place_pages(stations, {row["title"]: row for row in (*texts("stations"), *texts("points"))}, today)
    say("代表事迹与肖像")
    _stories(today)


@cache
def stories() -> tuple[dict[str, Any], ...]:
    """Return the stories in the order of their files; person N is the N-th."""
    files = sorted((FOLDER / "stories").glob("*.yaml"))
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


@cache
def texts(name: str) -> Any:
    """Return one file of texts/."""
    return yaml.safe_load((FOLDER / "texts" / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def positions() -> dict[str, dict[str, str]]:
    """Return where stations lie on the schematic map, by township code or trade: a layout of our own, no geography."""
    with (FOLDER / "data" / "positions.csv").open(encoding="utf-8") as file:
        return {row["place"]: {"map_x": row["x"], "map_y": row["y"]} for row in csv.DictReader(file)}


def person(number: int) -> Representative:
    """Return the representative of story `number` (1-based)."""
    found: Representative = Representative.objects.get(name=stories()[number - 1]["name"])
    return found


def picture(data: bytes, title: str) -> Any:
    """Store a drawn picture as a Wagtail image and return it; with its size told, its pixels are read once, not twice."""
    suffix = "webp" if data[8:12] == b"WEBP" else "jpg"
    file = ImageFile(BytesIO(data), name=f"demo-{title}.{suffix}")
    with PictureFile.open(BytesIO(data)) as head:
        width, height = head.size
    return get_image_model().objects.create(
        title=title, description=title, file=file, width=width, height=height
    )


def _areas() -> tuple[Area, list[Area]]:
    root = add_area(code="411081", name="禹州市", level=Area.Level.COUNTY, parent=None)
    with (FOLDER / "data" / "yuzhou_townships.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            add_area(
                code=row["code"],
                name=row["name"],
                level=Area.Level.TOWNSHIP,
                parent=Area.objects.get(pk=root.pk),
            )
    return Area.objects.get(pk=root.pk), list(Area.objects.filter(level=Area.Level.TOWNSHIP).order_by("code"))


def _accounts(root: Area) -> dict[str, User]:
    users = {}
    for account in ACCOUNTS:
        name = account.display_name or account.role
        user = open_account(
            username=account.username, display_name=name, password=account.password, actor=None
        )
        if account.grant:
            grant(user=user, area=root, role=account.grant, actor=None)
        if account.group:
            user.groups.add(Group.objects.get(name=account.group))
        if account.grant == "office":
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        users[account.username] = user
    return users


def _representatives(
    random: Random, term: Term, townships: list[Area], users: dict[str, User], office: User
) -> list[Mandate]:
    groups = {
        area.pk: DeputyGroup.objects.create(term=term, area=area, name=f"{area.name}代表小组")
        for area in townships
    }
    by_name = {area.name: area for area in townships}
    mandates: list[Mandate] = []
    for story in stories():
        area = by_name[story["township"]]
        login = users["daibiao"] if not mandates else None
        mandate = _register(
            story, area, groups[area.pk], term, office, user=login, consent=True, born=story["born"]
        )
        mandates.append(mandate)
    crowd = people(random, {story["name"] for story in stories()})
    for number, one in zip(range(NUMBER - len(mandates)), crowd, strict=False):
        login = users["daibiao2"] if number == 0 else None
        area = townships[number % len(townships)]
        born = random.randint(1956, 1998)
        mandates.append(
            _register(
                one,
                area,
                groups[area.pk],
                term,
                office,
                user=login,
                consent=random.random() < 0.9,
                born=born,
                tags=("standing_member",) if number % 12 == 0 else (),
            )
        )
    return mandates


def _register(
    one: dict[str, Any],
    area: Area,
    group: DeputyGroup,
    term: Term,
    office: User,
    *,
    consent: bool,
    born: int,
    user: User | None = None,
    tags: tuple[str, ...] = (),
) -> Mandate:
    if user:
        user.display_name = one["name"]
        user.save(update_fields=["display_name"])
    return register_representative(
        name=one["name"],
        sex=one["sex"],
        nation=one["nation"],
        occupation=one["occupation"],
        term=term,
        area=area,
        starts_on=term.starts_on,
        electing_unit=f"{area.name}选区",
        birth_date=date(born, 1 + born % 12, 1 + born % 27),
        group=group,
        user=user,
        compile_consent=consent,
        tags=tags,
        actor=office,
    )


def _stations(townships: list[Area], mandates: list[Mandate], term: Term, office: User) -> list[Station]:
    made = []
    by_township = {row["township"]: row for row in texts("stations")}
    for area in townships:
        row = by_township[area.name]
        station = Station.objects.create(
            kind=Station.Kind.LIAISON,
            name=f"{area.name}代表联络站",
            area=area,
            address=row["address"],
            phone=row["phone"],
            hours=row["hours"],
            access=row["access"],
            **positions()[area.code],
        )
        here = [m for m in mandates if m.area_id == area.pk]
        for crew, duty in ((here[:1], "站长"), (here[1:8], "")):
            add_to_roster(station=station, mandates=crew, starts_on=term.starts_on, duty=duty, actor=office)
        made.append(station)
    by_industry: dict[str, list[Mandate]] = {}
    for story, mandate in zip(stories(), mandates, strict=False):
        if story.get("industry"):
            by_industry.setdefault(story["industry"], []).append(mandate)
    by_name = {area.name: area for area in townships}
    for row in texts("points"):
        station = Station.objects.create(
            kind=Station.Kind.INDUSTRY,
            name=row["title"],
            industry=row["key"],
            area=by_name[row["township"]],
            address=row["address"],
            phone=row["phone"],
            hours=row["hours"],
            access=row["access"],
            **positions()[row["key"]],
        )
        crew = by_industry.get(row["key"], []) + [m for m in mandates if m.area_id == station.area_id][-4:]
        add_to_roster(station=station, mandates=dict.fromkeys(crew), starts_on=term.starts_on, actor=office)
        made.append(station)
    return made


def _reception_days(random: Random, stations: list[Station], today: date, office: User) -> None:
    """Each station receives every other week; a few today, so that the home page has something to show."""
    for number, station in enumerate(stations):
        crew = [entry.mandate for entry in station.roster.select_related("mandate")]
        first = today - timedelta(days=7) + timedelta(days=number % 14)
        for week in range(3):
            day = first + timedelta(days=14 * week)
            hour = 9 if number % 2 else 14
            start = timezone.make_aware(datetime.combine(day, time(hour, 30)))
            plan_reception(
                station=station,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                mandates=random.sample(crew, min(2, len(crew))),
                actor=office,
            )


def _stories(today: date) -> None:
    home = HomePage.objects.get()
    section = add_section(home, PEOPLE)
    for number, story in enumerate(stories(), start=1):
        representative = person(number)
        name, elder = story["name"], story["born"] < today.year - 60
        portrait = picture(draw_portrait(story["portrait"], sex=story["sex"], elder=elder), f"{name}肖像")
        scene = picture(draw_scene(story["portrait"], subject=_subject(story)), f"{name}插画")
        page = ProfilePage(
            title=story["title"],
            slug=f"gushi-{number:02d}",
            representative=representative,
            summary=story["dek"],
            portrait=portrait,
            portrait_alt=f"{name}代表肖像（示意画像）",
            cover=scene,
            byline="本站通讯员（演示）",
            date=today - timedelta(days=9 * number),
            body=[_block(block, scene) for block in story["body"]],
            timeline=[("entry", {"date": _day(e["date"]), "text": e["text"]}) for e in story["timeline"]],
        )
        section.add_child(instance=page)
        page.tags.add(*story["tags"])
        page.save_revision().publish()


def _subject(story: dict[str, Any]) -> str:
    return str(story.get("scene") or SCENES.get(story.get("industry") or "", "street"))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _block(block: dict[str, Any], scene: Any) -> tuple[str, Any]:
    (kind, value), *_ = block.items()
    if kind == "paragraph":
        return "paragraph", f"<p>{value}</p>"
    if kind == "picture_caption":
        return "picture", {"image": scene, "caption": value, "alt": value}
    return kind, value


def everyone() -> Iterator[Mandate]:
    """Yield all mandates of the demonstration, the people of the stories first."""
    yield from Mandate.objects.select_related("representative", "area").order_by("pk")


__all__ = ["PASSWORD", "everyone", "person", "picture", "seed", "stories", "texts"]
