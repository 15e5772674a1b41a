"""`manage.py remove_second_factor LOGIN`: the way back in for the only keeper of a site, whose phone is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from portal.accounts import mobile_number
from portal.models import User
from stations.operations import PersonRefused, remove_second_factor
from stations.tasks import tell_second_factor


class Command(BaseCommand):
    """For who works at the machine itself; everybody else has the button in the account's form."""

    help = "解除一个账号的两步验证：手机丢了，又没有另一位管理员能在后台解除时用。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the account by what its owner types to sign in."""
        parser.add_argument("login", help="用户名或手机号")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        """Take it off, or say why not."""
        number = mobile_number(login)
        account = User.objects.filter(
            Q(username__iexact=login) | (Q(phone=number) if number else Q())
        ).first()
        if account is None:
            raise CommandError(f"没有找到账号“{login}”，请核对用户名或手机号。")
        try:
            remove_second_factor(user=account, moment=timezone.now(), actor=None)
        except PersonRefused as refusal:
            raise CommandError(str(refusal)) from None
        tell_second_factor.enqueue(account.pk)
        self.stdout.write(f"已解除{account}的两步验证，已经登录的地方都已退出。现在用密码登录。")
