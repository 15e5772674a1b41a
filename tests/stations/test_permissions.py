"""Who may see what where: the scope that every query of people passes through."""

from django.contrib.auth.models import AnonymousUser

from stations.models import Mandate
from stations.permissions import Role, granted_areas, holds, holds_anywhere, scope


def test_scope_limits_rows_to_the_branches_of_the_role(city):
    mine, other = city.representative(), city.representative(area=city.other_township, group=None)
    rows = Mandate.objects.filter(scope(city.recorder, (Role.RECORDER,)))
    assert list(rows) == [mine]
    assert list(Mandate.objects.filter(scope(city.recorder, (Role.OFFICE,)))) == []
    assert set(Mandate.objects.filter(scope(city.office, (Role.OFFICE,)))) == {mine, other}


def test_an_inactive_person_and_a_visitor_hold_nothing(city):
    city.recorder.is_active = False
    assert granted_areas(city.recorder, Role.values) == []
    assert granted_areas(AnonymousUser(), Role.values) == []
    assert holds_anywhere(AnonymousUser(), Role.values) is False


def test_a_role_reaches_down_the_tree_and_not_up(city):
    assert holds(city.office, (Role.OFFICE,), city.township) is True
    assert holds(city.recorder, (Role.RECORDER,), city.county) is False
    assert holds(city.recorder, (Role.RECORDER,), city.other_township) is False
