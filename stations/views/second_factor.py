"""解除两步验证: who lost the phone is let in with the password again, after the office has asked who it is."""

from functools import partial
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from portal.models import User
from stations.models import Representative
from stations.operations import PersonRefused, remove_second_factor
from stations.policies import resets_account
from stations.tasks import tell_second_factor


def way_back(user: User | AnonymousUser, account: User) -> str:
    """Return the page from which `user` came: the account's form, or the login of the representative."""
    if policy_registry.get_by_type(User).user_has_permission(user, "change"):
        return reverse("wagtailusers_users:edit", args=[account.pk])
    person = Representative.objects.get(user=account)
    return reverse("representatives:account", args=[person.pk])


class SecondFactorView(WagtailAdminTemplateMixin, TemplateView):
    """One question and one button; for whoever may not change the account the page does not exist (THREATS 12)."""

    template_name = "stations/accounts/second_factor.html"
    page_title = "解除两步验证"
    header_icon = "key"
    account: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may change the account."""
        self.account = get_object_or_404(User, pk=kwargs["pk"])
        if not resets_account(request.user, self.account, timezone.localdate()):
            raise Http404
        self.refusal = ""
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it off and go back; refused, the page says why."""
        assert isinstance(request.user, User)
        try:
            with transaction.atomic():
                remove_second_factor(user=self.account, moment=timezone.now(), actor=request.user)
                transaction.on_commit(partial(tell_second_factor.enqueue, self.account.pk), robust=True)
        except PersonRefused as refusal:
            self.refusal = str(refusal)
            return self.render_to_response(self.get_context_data(), status=409)
        messages.success(
            request, f"已解除{self.account}的两步验证，已经登录的地方都已退出。请告诉本人：现在用密码登录。"
        )
        return redirect(way_back(request.user, self.account))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        account = {"url": way_back(self.request.user, self.account), "label": str(self.account)}
        return [*self.breadcrumbs_items, account, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "account": self.account,
            "own": self.account == self.request.user,
            "has_one": is_mfa_enabled(self.account),
            "back": way_back(self.request.user, self.account),
            "refusal": self.refusal,
        }
