"""Wagtail's users app with our form and list of accounts, whose writes are operations of this floor."""

from wagtail.users.apps import WagtailUsersAppConfig


class AccountsAppConfig(WagtailUsersAppConfig):  # listed in INSTALLED_APPS instead of wagtail.users
    user_viewset = "stations.viewsets_accounts.AccountViewSet"
