"""Who re-checks, in the words of the tree: a county by itself, and one below a municipality."""

import re

import pytest
import time_machine

from scoring.year.levels import COUNTY, MUNICIPALITY, levels_of
from stations.models import Area
from stations.operations import add_area, grant
from tests.scoring.sheet_city import END, opened, see, text_of, walk

WORDS = re.compile("[市县]级|乡镇人大、街道人大工委")


@pytest.mark.parametrize(
    ("roots", "words"),
    [
        ({"municipality"}, MUNICIPALITY),
        ({"municipality", "county"}, MUNICIPALITY),  # a county kept in trust beside it
        ({"county"}, COUNTY),
        ({"township"}, COUNTY),
        (set(), COUNTY),
    ],
)
def test_the_topmost_level_says_who_re_checks(roots, words):
    assert levels_of(roots) == words


def below_a_municipality(city):
    """Put the county below a municipality, whose office the office becomes."""
    above = add_area(code="990000", name="示范市", level="municipality", parent=None)
    Area.objects.get(pk=city.county.pk).move(above, "sorted-child")
    for area in (city.county, city.township, city.other_township):
        area.__dict__.update(Area.objects.values().get(pk=area.pk))
    grant(user=city.office, area=Area.objects.get(pk=above.pk), role="office", actor=city.office)


@pytest.mark.parametrize(
    ("municipal", "steps", "waiting", "sheet"),
    [
        (False, ["报送县级", "县级复核"], "还有 1 个区域等待县级复核：石桥镇。", ["县级", "乡镇人大、街道人大工委", "县级"]),
        (True, ["报送市级", "市级复核"], "还有 1 个区域等待市级复核：石桥镇。", ["市级", "县级", "市级"]),
    ],
    ids=["a county by itself", "below a municipality"],
)  # fmt: skip
def test_console_and_sheet_speak_of_the_levels_there_are(
    client, city, site, municipal, steps, waiting, sheet
):
    if municipal:
        below_a_municipality(city)
    with time_machine.travel(END, tick=False):
        mandate = city.representative("王样本")
        walk(city, opened(city, 2026), "submit")
        client.force_login(city.office)
        page = client.get("/review/2026/").context
        assert [step.name for step in page["steps"]][1:3] == steps
        assert page["blockers"] == [waiting]
        words = text_of(see(client, mandate))
        said = words[words.index("以审核结果为准") :]
        assert WORDS.findall(said) == sheet
