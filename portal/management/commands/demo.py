"""`manage.py demo`: migrate, collect static files, seed the demonstration city; serve.py calls it and serves."""

import shutil
import time
from argparse import ArgumentParser
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from portal.installation.preparing import prepare
from portal.models import HomePage, User
from portal.serve import FLOORS, READY

PICTURES = 8  # seconds for WebP of the seeded pages; the other formats and what is left are the worker's


class Command(BaseCommand):
    """Set up what is missing and seed an empty site; each floor brings its share: <app>.demo.seed."""

    help = "准备演示城市。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--moment", type=datetime.fromisoformat, help="以这一时刻为“现在”建立数据")
        parser.add_argument("--reset", action="store_true", help="清空演示数据（会先询问）")
        parser.add_argument("--work", action="store_true", help="让一场分享会处于签到时段，然后处理后台任务")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset()
        elif options["work"]:
            import_module("sessions.demo").keep_one_open(timezone.now())
            call_command("work", interval=0.5, verbosity=0)
        else:
            self._prepare(options["moment"] or timezone.now())

    def _prepare(self, moment: datetime) -> None:
        prepare(self.stdout.write)
        if HomePage.objects.exists():
            self.stdout.write("演示城市已经建好。")
        else:
            self._seed(moment)
        accounts = import_module("stations.demo").ACCOUNTS
        lines = [f"  {a.username:<10}{a.password:<12}{a.role}\n" for a in accounts]
        text = "演示账号 / demo accounts（账号、口令、身份）：\n" + "".join(lines)
        (settings.DATA_DIR / READY).write_text(text, encoding="utf-8")

    def _seed(self, moment: datetime) -> None:
        if User.objects.exists():
            raise CommandError("数据库里已有账号，演示数据只装进空站点；要重来请运行 make reset。")
        self.stdout.write("正在建立演示城市（人物与事件均为虚构）……")
        begun = time.monotonic()
        with transaction.atomic():  # a seed that was stopped half-way leaves the site empty
            for floor in FLOORS:
                import_module(f"{floor}.demo").seed(moment, self._say)
        self._say("建立检索")
        call_command("update_index", verbosity=0)
        self._say("生成图片")
        import_module("portal.pictures.making").make_missing(kinds=("webp",), seconds=PICTURES)
        self._say("标题字体")
        call_command("heading_font", stdout=self.stdout)
        self.stdout.write(f"演示城市已建好，用时 {time.monotonic() - begun:.0f} 秒。")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  · {what}")
        self.stdout.flush()

    def _reset(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("make reset 只清空本机的 SQLite 演示数据。")
        answer = input(f"将清空 {settings.DATA_DIR} 里的演示数据，输入 yes 继续：")
        if answer.strip() != "yes":
            self.stdout.write("没有改动。")
            return
        connection.close()
        for path in [*settings.DATA_DIR.glob("portal.sqlite3*"), settings.DATA_DIR / READY]:
            path.unlink(missing_ok=True)
        for folder in ("media", "private", "cache"):
            shutil.rmtree(settings.DATA_DIR / folder, ignore_errors=True)
        self.stdout.write("已清空。重新建立：make demo")
