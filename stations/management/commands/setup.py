"""`manage.py setup`: prepare a new installation, or bring one up to date: database, styles, pages, the first account.

Exit codes: 0 prepared, 1 something that is asked for is missing or wrong; then nothing was made.
"""

import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.installation.operations import set_up_site
from portal.installation.preparing import prepare
from portal.models import HomePage, User
from portal.serve import FLOORS
from stations.models import Area, DeputyGroup, ReceptionDay, Representative, RosterEntry, Station
from stations.operations import add_area, open_first_account

ASKED = {  # option: (its question, an example)
    "congress": ("主办单位全称", "某某县人大常委会代表工作委员会"),
    "area": ("辖区名称", "某某县"),
    "code": ("辖区的行政区划代码，6 位数字", "410000"),
    "office": ("代工委的登录账号，用字母和数字", "office"),
}
KEPT = (Representative, DeputyGroup, Station, RosterEntry, ReceptionDay)  # by editors, where a grant says so
OFFICE = "代工委"
LEVELS = [Area.Level.MUNICIPALITY.value, Area.Level.COUNTY.value]
NEXT = """\
接着在后台办（{admin}）：
  1. 设置 → 站点身份：联系电话、地址、备案号、印文。
  2. 人员与站点：下级区域、届、代表小组、联络站点；代表 → 导入名册；代表 → 为多人开通登录，打印登录纸条。
  3. 设置 → 用户：给工作人员开账号，编辑、审核和代工委的同志各放进同名的组；再到 人员与站点 → 区域授权，授权给编辑、记录员、审核员、审计员和代工委。
  4. 履职积分 → 积分标准：上传本地的标准文件（先用 manage.py check_standard 检查），由另一位代工委的同志启用，再到 /review/ 建立、开启年度。
  5. 页面：“关于本站”“无障碍说明”“隐私说明”是草稿，看过、改好再发布，页脚才出现。
网站要一直开着两个程序：granian --interface wsgi portal.wsgi:application 和 python manage.py work
"""


class Command(BaseCommand):
    """Migrate, collect static files, and fill a site that is empty; what is missing is asked for on a terminal."""

    help = (
        "准备新站点：数据库、样式、栏目、编辑组、辖区和代工委的第一个账号；已建好的站点只更新数据库和样式。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, (question, example) in ASKED.items():
            parser.add_argument(f"--{name}", default="", help=f"{question}，例如 {example}")
        parser.add_argument("--level", choices=LEVELS, default=LEVELS[-1], help="辖区的层级：地级市或县级")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stdout.write)
        if HomePage.objects.exists():
            self.stdout.write("站点已经建好，数据库和样式已更新；请重新启动两个程序。")
            return
        if User.objects.exists() or Area.objects.exists():
            raise CommandError("数据库里已有账号或区域，却没有首页；请换一个空的数据库。")
        answers = {name: self._answer(name, options[name].strip()) for name in ASKED}
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            set_up_site(host_name=answers["congress"])
            _let_editors_keep_people_and_places()
            _let_the_office_keep_everything()
            root = add_area(code=answers["code"], name=answers["area"], level=options["level"], parent=None)
            open_first_account(
                username=answers["office"], password=password, area=root, moment=timezone.now()
            )
        self._say(answers["office"], password)

    def _answer(self, name: str, given: str) -> str:
        """Return what was given, or what is answered on a terminal, which asks until it is right."""
        if given or not sys.stdin.isatty():
            if wrong := _wrong(name, given):
                raise CommandError(wrong)
            return given
        question, example = ASKED[name]
        while wrong := _wrong(name, given := input(f"{question}（例如 {example}）：").strip()):
            if given:
                self.stdout.write(wrong)
        return given

    def _say(self, username: str, password: str) -> None:
        here = settings.PUBLIC_URL
        self.stdout.write("已建好：首页和栏目、编辑、审核、代工委三个组、辖区、代工委的账号。")
        self.stdout.write(f"登录：{here}{reverse('account_login')}")
        self.stdout.write(
            f"账号：{username}\n口令：{password}（只显示这一次，30 天内有效，第一次登录时换成自己的密码）"
        )
        self.stdout.write(NEXT.format(admin=f"{here}/admin/"))


def _let_editors_keep_people_and_places() -> None:
    """Give 编辑 the right that the policy asks for beside the grant; without a grant they reach nobody."""
    models = [model._meta.model_name for model in KEPT]
    rights = Permission.objects.filter(content_type__app_label="stations", content_type__model__in=models)
    Group.objects.get(name="编辑").permissions.add(*rights.exclude(codename__startswith="view"))


def _let_the_office_keep_everything() -> None:
    """Make 代工委, whose members keep all records where a grant says so, and the identity of the site.

    Accounts are not among it: who gives out passwords could be anybody, so only a superuser does (设置 → 用户).
    """
    labels = [config.label for config in apps.get_app_configs() if config.name in FLOORS]
    rights = Permission.objects.filter(content_type__app_label__in=labels).exclude(content_type__model="user")
    door = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    Group.objects.create(name=OFFICE).permissions.add(door, *rights)


def _wrong(name: str, answer: str) -> str:
    """Return what is wrong with an answer, "" for nothing."""
    question, example = ASKED[name]
    if not answer:
        return f"缺少 --{name}（{question}），例如 --{name} {example}"
    if name == "code" and not (answer.isascii() and answer.isdigit() and len(answer) == 6):  # GB/T 2260
        return f"行政区划代码应为 6 位数字，例如 --code {example}。"
    if name == "office":
        try:
            User.username_validator(answer)
        except ValidationError:
            return f"登录账号只能用字母、数字和 @ . + - _，例如 --office {example}。"
    return ""
