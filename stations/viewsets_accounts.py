"""账号 in Wagtail's admin (设置 → 用户): list, forms and actions on several, with names and numbers."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.views import bulk_actions, users

from portal.models import User
from portal.stale_forms import TellsOfOthers
from stations.forms.accounts import KnownAccountForm, NewAccountForm
from stations.staff_views import RefusalMixin
from stations.views.accounts import slips_page
from stations.views.second_factor import SecondFactorView

FOUND_BY = ("display_name", "username", "phone")


class AccountListView(users.IndexView):
    """Accounts by user name, found by name, user name or number."""

    search_fields = FOUND_BY
    add_item_label = "开账号"

    @property
    def columns(self) -> list[Any]:
        named = self._get_title_column_class(users.UserColumn)
        rights = Column(
            "is_superuser",
            label="管理员",
            accessor=lambda user: "是" if user.is_superuser else "",
            sort_key="is_superuser",
        )
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            named(
                "display_name",
                accessor=str,
                label="姓名",
                sort_key="display_name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("username", label="用户名", sort_key="username"),
            Column("phone", label="手机号", accessor=lambda user: user.phone or "", sort_key="phone"),
            rights,
            BooleanColumn("is_active", label="启用", sort_key="is_active"),
            DateColumn("last_login", label="上次登录", sort_key="last_login"),
        ]


class SlipMixin(RefusalMixin):
    """A save that made a one-time password is answered with its slip, once, instead of a redirect."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        slip = getattr(form, "slip", None)
        if slip is None or answer.status_code != 302:
            return answer
        return slips_page(self.request, [slip], back=reverse("wagtailusers_users:index"))  # type: ignore[attr-defined]


class NewAccountView(SlipMixin, users.CreateView):
    """开账号."""

    page_title = "开账号"
    success_message = "已给“%(object)s”开通账号。"
    error_message = "账号还没有开通，请看下面标出的地方。"
    submit_button_label = "开通"
    submit_button_active_label = "正在开通…"


class ChangeAccountView(TellsOfOthers, SlipMixin, users.EditView):
    """修改账号: that of a keeper of the whole site by another keeper alone."""

    success_message = "已保存“%(object)s”的账号。"
    error_message = "还没有保存，请看下面标出的地方。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def header_buttons(self) -> list[Any]:
        """Lead to 解除两步验证 where there is one, of somebody else's account."""
        buttons: list[Any] = list(super().header_buttons)
        if not self.editing_self and is_mfa_enabled(self.object):
            address = reverse("wagtailusers_users:second_factor", args=[self.object.pk])
            buttons.append(HeaderButton("解除两步验证", url=address, icon_name="key"))
        return buttons

    def save_instance(self) -> Any:
        account = super().save_instance()
        if self.editing_self:
            users.update_session_auth_hash(self.request, account)
        return account


class AccountViewSet(users.UserViewSet):
    """用户, as the office knows them."""

    index_view_class = AccountListView
    add_view_class = NewAccountView
    edit_view_class = ChangeAccountView
    copy_view_enabled = False  # a copy would have the groups of another person

    def get_urlpatterns(self) -> list[URLPattern]:
        second_factor = path("second-factor/<int:pk>/", SecondFactorView.as_view(), name="second_factor")
        return [*super().get_urlpatterns(), second_factor]

    def get_form_class(self, for_update: bool = False) -> Any:
        return KnownAccountForm if for_update else NewAccountForm


class FoundAccounts:
    """The whole list means the accounts that the list found: the same search by name, user name and number."""

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet[Any]:
        words, condition = self.request.GET.get("q", ""), Q()  # type: ignore[attr-defined]
        for name in FOUND_BY if words else ():
            condition |= Q(**{f"{name}__icontains": words})
        return User.objects.filter(condition).values_list("pk", flat=True)


class AssignGroup(FoundAccounts, bulk_actions.AssignRoleBulkAction):
    """Put several accounts into a group."""


class DeleteAccounts(FoundAccounts, bulk_actions.DeleteBulkAction):
    """Delete several accounts that no record holds (portal/kept_accounts.py)."""


class SetActive(FoundAccounts, bulk_actions.SetActiveStateBulkAction):
    """Open or close several accounts."""
