"""The round of the night: what was renamed beside a page is found."""

from portal.search.tasks import renew_index
from stations.operations import add_station
from tests.searched import found, index
from tests.sessions.faces import face


def test_what_is_renamed_beside_a_page_is_found_after_the_night(client, city, site, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # the next night waits there
    station = add_station(area=city.township, name="白鹤湾联络站", kind="liaison", actor=city.office)
    face(city, site, title="路灯怎么亮", station=station, place="西院")
    index()
    station.name = "清风岭联络站"
    station.save()
    before = found(client, "清风岭")
    renew_index.func()
    assert (before, found(client, "清风岭"), found(client, "白鹤湾")) == (
        [],
        ["清风岭联络站", "路灯怎么亮"],
        [],
    )
