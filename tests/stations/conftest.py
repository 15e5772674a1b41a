"""Editors of people and places, for the tests of this folder."""

import pytest
from django.contrib.auth.models import Group, Permission

from stations.permissions import Role
from tests.stations.staffed import sign_in, staff


@pytest.fixture
def editors(db):
    """Wagtail's group of editors with every right to people and places."""
    group = Group.objects.create(name="编辑（人员与站点）")
    rights = Permission.objects.filter(content_type__app_label="stations")
    group.permissions.set([*rights, Permission.objects.get(codename="access_admin")])
    return group


@pytest.fixture
def editor(client, city, editors):
    """An editor of 石桥镇, signed in."""
    user = staff(editors, city.township, Role.EDITOR)
    sign_in(client, user)
    return user
