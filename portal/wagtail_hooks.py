"""Registration only: our actions in Wagtail's log, which documents have an address, the office's page of followers."""

from typing import Any

from django.urls import path, reverse
from wagtail import hooks

from portal.audit import ACTIONS
from portal.documents import keep_unpublished
from portal.follow.staff_views import EraseView, FollowMenuItem, FollowView, try_again


@hooks.register("register_log_actions")
def register_our_actions(actions: Any) -> None:
    """Give every action of audit.py its Chinese words."""
    for action, words in ACTIONS.items():
        actions.register_action(action, words, words)


hooks.register("before_serve_document", keep_unpublished, order=-1)


@hooks.register("register_admin_urls")
def register_follow_urls() -> list[Any]:
    """Give the office's pages of following their addresses."""
    return [
        path("follow/", FollowView.as_view(), name="follow_staff"),
        path("follow/again/", try_again, name="follow_again"),
        path("follow/erase/", EraseView.as_view(), name="follow_erase"),
    ]


@hooks.register("register_admin_menu_item")
def register_follow_menu() -> FollowMenuItem:
    """Put 邮件订阅 into the menu."""
    return FollowMenuItem("邮件订阅", reverse("follow_staff"), icon_name="mail", order=850)
