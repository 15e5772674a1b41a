"""Accounts that stay: whose name stands in a record is closed, never deleted; Wagtail would fail on it without a word."""

from typing import Any

from django.db import router
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from portal.models import User

CLOSE_IT = "不能删除；请在“编辑”里停用（取消“启用”）。"


def is_kept(user: User) -> bool:
    """Return whether records hold the account; nothing is deleted to find out."""
    try:
        Collector(using=router.db_for_write(User), origin=user).collect([user])
    except ProtectedError:
        return True
    return False


def keep_account(request: HttpRequest, user: User) -> HttpResponse | None:
    """Refuse to delete an account with records and lead to its form (hook before_delete_user)."""
    if not is_kept(user):
        return None
    messages.error(request, f"这个账号有履职或操作记录，{CLOSE_IT}")
    return redirect("wagtailusers_users:edit", user.pk)


def keep_accounts(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Delete none of several accounts when one of them has records, and name it (hook before_bulk_action)."""
    if action_type != "delete" or action.model is not User:
        return None
    kept = [user for user in objects if is_kept(user)]
    if not kept:
        return None
    names = "、".join(f"{user}（{user.username}）" for user in kept)
    messages.error(request, f"选中的账号都没有删除：{names}有履职或操作记录，{CLOSE_IT}")
    return redirect(get_valid_next_url_from_request(request) or "wagtailusers_users:index")
