"""Who may see what where: the scope that every query of people passes through."""

from django.contrib.auth.models import AnonymousUser

from portal.models import User
from stations.models import AreaGrant, Mandate
from stations.operations import grant, revoke_grant
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
    assert holds_anywhere(city.recorder, Role.values) is False
    assert holds_anywhere(AnonymousUser(), Role.values) is False


def test_a_role_reaches_down_the_tree_and_not_up(city):
    assert holds(city.office, (Role.OFFICE,), city.township) is True
    assert holds(city.recorder, (Role.RECORDER,), city.county) is False
    assert holds(city.recorder, (Role.RECORDER,), city.other_township) is False


def test_grants_are_asked_for_once_for_a_user_who_was_loaded(city, django_assert_num_queries):
    user = User.objects.get(pk=city.recorder.pk)
    with django_assert_num_queries(1):
        assert holds_anywhere(user, (Role.RECORDER,)) is True
        assert holds_anywhere(user, (Role.OFFICE, Role.AUDITOR)) is False
        assert granted_areas(user, Role.values) == [city.township]


def test_a_branch_of_several_roles_comes_once_and_branches_by_their_path(city):
    for area, role in ((city.other_township, Role.REVIEWER), (city.township, Role.REVIEWER)):
        grant(user=city.recorder, area=area, role=role, actor=city.office)
    assert granted_areas(city.recorder, Role.values) == [city.township, city.other_township]
    assert granted_areas(city.recorder, (Role.RECORDER,)) == [city.township]


def test_a_role_given_counts_at_once_and_one_taken_back_from_the_next_request_on(city):
    user = city.recorder
    assert holds_anywhere(user, (Role.AUDITOR,)) is False
    grant(user=user, area=city.township, role=Role.AUDITOR, actor=city.office)
    assert holds_anywhere(user, (Role.AUDITOR,)) is True
    revoke_grant(area_grant=AreaGrant.objects.get(user=user, role=Role.AUDITOR), actor=city.office)
    assert holds_anywhere(User.objects.get(pk=user.pk), (Role.AUDITOR,)) is False
