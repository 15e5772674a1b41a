"""Who keeps the subscriptions: the office of the whole congress, whom the floor that knows of offices names."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.models import User

Holds = Callable[[User], bool]
_offices: list[Holds] = []


def let_in(holds: Holds) -> None:
    """Let the floor above say who holds the office; called once from its `followed.py`."""
    _offices.append(holds)


def keeps_subscriptions(user: Any) -> bool:
    """Whether `user` may see the figures, try again and erase; a superuser keeps the installation."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or any(holds(user) for holds in _offices)


def for_keepers(view: Any) -> Any:
    """Let in who keeps the subscriptions; Wagtail leads everybody else back to the admin's entrance."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not keeps_subscriptions(request.user):
            raise PermissionDenied
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return answer
