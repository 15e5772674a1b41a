"""What readers may follow of this floor: representatives with a public story, stations with a public page."""

from portal.follow import permissions, topics
from portal.models import User
from portal.visibility import open_to_all
from stations.models import AreaGrant, IndustryPointPage, ProfilePage, StationPage
from stations.permissions import grants_of


def representatives(keys: list[str]) -> dict[str, str]:
    """Return {key: name} of the representatives whose story everybody may read (1 query)."""
    stories = open_to_all(ProfilePage.objects.filter(representative__in=topics.numbers(keys)))
    return {
        str(pk): f"{name}代表"
        for pk, name in stories.values_list("representative_id", "representative__name")
    }


def stations(keys: list[str]) -> dict[str, str]:
    """Return {key: name} of the stations and industry points whose page everybody may read (2 queries)."""
    found: dict[str, str] = {}
    for model in (StationPage, IndustryPointPage):
        pages = open_to_all(model.objects.filter(station__in=topics.numbers(keys)))
        found |= {str(pk): name for pk, name in pages.values_list("station_id", "station__name")}
    return found


def holds_the_office(user: User) -> bool:
    """Whether `user` holds the office of a whole tree of areas: who follows belongs to no township.

    Django's permission says whether and the grants say where, as everywhere on this floor; the admin's menu asks
    for every page, so whoever may not give grants costs no query.
    """
    if not user.has_perm("stations.add_areagrant"):
        return False
    return any(role == AreaGrant.Role.OFFICE and area.is_root() for role, area in grants_of(user))


topics.register("representative", representatives)
topics.register("station", stations)
permissions.let_in(holds_the_office)
