"""Registration only: our actions in Wagtail's log, documents with an address, followers, 开通清单, accounts, settings, pictures and checks of content."""

from typing import Any

from django.urls import path, reverse
from wagtail import hooks

from portal.audit import ACTIONS
from portal.content_checks import HOOK, check_pictures, check_texts, check_words
from portal.documents import keep_unpublished
from portal.editor_checks import check_in_chinese, remark
from portal.first_day.views import FirstDayView, bring_list_back, panel_for, put_list_away
from portal.follow.staff_views import EraseView, FollowView, KeepersMenuItem, try_again
from portal.kept_accounts import keep_account, keep_accounts
from portal.pictures.receivers import make_at_once
from portal.setting_views import EditSettingView


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


@hooks.register("register_admin_urls", order=-1)  # before Wagtail's own view at the same address
def register_setting_url() -> list[Any]:
    """Let the form of a setting tell what somebody else saved meanwhile."""
    address = "settings/<slug:app_name>/<slug:model_name>/<int:pk>/"
    return [path(address, EditSettingView.as_view(), name="edit_setting")]


@hooks.register("register_admin_menu_item")
def register_follow_menu() -> KeepersMenuItem:
    """Put 邮件订阅 into the menu."""
    return KeepersMenuItem("邮件订阅", reverse("follow_staff"), icon_name="mail", order=850)


@hooks.register("register_admin_urls")
def register_first_day_urls() -> list[Any]:
    """Give 开通清单 its addresses."""
    return [
        path("first-day/", FirstDayView.as_view(), name="first_day"),
        path("first-day/away/", put_list_away, name="first_day_away"),
        path("first-day/back/", bring_list_back, name="first_day_back"),
    ]


@hooks.register("construct_homepage_panels")
def register_first_day_panel(request: Any, panels: list[Any]) -> None:
    """Show who keeps the installation what it still needs."""
    panel = panel_for(request)
    if panel:
        panels.append(panel)


@hooks.register("register_help_menu_item")
def register_first_day_menu() -> KeepersMenuItem:
    """Put 开通清单 into 帮助: the way back to a list that was put away."""
    return KeepersMenuItem("开通清单", reverse("first_day"), icon_name="list-ul", order=100)


hooks.register("before_delete_user", keep_account)
hooks.register("before_bulk_action", keep_accounts)
hooks.register("after_publish_page", make_at_once)
hooks.register("construct_wagtail_userbar", check_in_chinese)
hooks.register("after_create_page", remark)
hooks.register("after_edit_page", remark)
for check in (check_words, check_texts, check_pictures):
    hooks.register(HOOK, check, order=-1)  # before those of the floors above


@hooks.register("construct_help_menu")
def keep_to_our_handbooks(request: Any, items: list[Any]) -> None:
    """Leave Wagtail's English guide out of 帮助: its two entries call for attention and lead to a foreign site."""
    items[:] = [item for item in items if not str(item.url).startswith("https://")]
