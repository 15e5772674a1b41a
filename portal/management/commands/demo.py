"""`make demo`: migrate, collect static files, seed the demonstration city, serve it."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import closing
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal.models import HomePage, User

FLOORS = ("portal", "stations", "sessions", "scoring")  # each brings its share: <app>.demo.seed


class Command(BaseCommand):
    """Set up what is missing, seed an empty site, then serve until Ctrl-C."""

    help = "准备并启动演示城市。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--seed-only", action="store_true", help="只建立演示数据，不启动服务")
        parser.add_argument("--reset", action="store_true", help="清空演示数据（会先询问）")
        parser.add_argument(
            "--moment", type=datetime.fromisoformat, help="以这一时刻为“现在”建立数据（测试用）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset()
            return
        if not options["seed_only"]:
            self._port_is_free(options["port"])
        self._migrate()
        self._collect_static()
        if HomePage.objects.exists():
            self.stdout.write("演示城市已经建好，直接启动。")
        else:
            self._seed(options["moment"] or timezone.now())
        self._open_session()
        if not options["seed_only"]:
            self._serve(options["port"])

    def _port_is_free(self, port: int) -> None:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CommandError(
                    f"端口 {port} 已被占用，请换一个，例如：make demo PORT={port + 1}"
                    f" / port {port} is taken, try: make demo PORT={port + 1}"
                ) from None

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("正在建立数据库……")
            call_command("migrate", verbosity=0, database=DEFAULT_DB_ALIAS)

    def _collect_static(self) -> None:
        """Collect when anything of ours is newer than the manifest; libraries change only with the environment."""
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        newest = max(
            (f.stat().st_mtime for app in FLOORS for f in (settings.BASE_DIR / app / "static").rglob("*")),
            default=0.0,
        )
        lock = (settings.BASE_DIR / "requirements.txt").stat().st_mtime
        if manifest.exists() and manifest.stat().st_mtime > max(newest, lock):
            return
        self.stdout.write("正在整理样式与脚本……")
        call_command("collectstatic", interactive=False, verbosity=0)

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
        self.stdout.write(f"演示城市已建好，用时 {time.monotonic() - begun:.0f} 秒。")

    def _open_session(self) -> None:
        """Keep one session open for check-in whenever the demonstration starts."""
        import_module("sessions.demo").keep_one_open(timezone.now())

    def _say(self, what: str) -> None:
        self.stdout.write(f"  · {what}")
        self.stdout.flush()

    def _serve(self, port: int) -> None:
        self._print_doors(port)
        python = sys.executable
        web = [
            python,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "portal.wsgi:application",
            "--host",
            "127.0.0.1",
        ]
        web += [
            "--port",
            str(port),
            "--workers",
            "1",
            "--blocking-threads",
            "8",
            "--no-access-log",
            "--log-level",
            "warning",
        ]
        worker = [
            python,
            str(settings.BASE_DIR / "manage.py"),
            "db_worker",
            "--interval",
            "0.5",
            "--verbosity",
            "0",
        ]
        # Sessions of their own: Ctrl-C reaches this process alone, which then ends both in order.
        children = [subprocess.Popen(command, start_new_session=True) for command in (web, worker)]  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while all(child.poll() is None for child in children):
                time.sleep(0.3)
            raise CommandError("服务意外停止，请看上面的提示。")
        except KeyboardInterrupt:
            self.stdout.write("\n已停止。再次启动：make demo")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=10)

    def _print_doors(self, port: int) -> None:
        accounts = import_module("stations.demo").ACCOUNTS
        lines = [f"  {a.role:<14}\t{a.username:<10}\t{a.password}" for a in accounts]
        self.stdout.write(
            f"\n网站 / site      http://127.0.0.1:{port}/\n管理 / admin     http://127.0.0.1:{port}/admin/\n"
            "演示账号 / demo accounts（身份、账号、口令）：\n" + "\n".join(lines) + "\n按 Ctrl-C 停止。\n"
        )

    def _reset(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("make reset 只清空本机的 SQLite 演示数据。")
        answer = input(f"将清空 {settings.DATA_DIR} 里的演示数据，输入 yes 继续：")
        if answer.strip() != "yes":
            self.stdout.write("没有改动。")
            return
        connection.close()
        for path in settings.DATA_DIR.glob("portal.sqlite3*"):
            path.unlink()
        for folder in ("media", "private", "cache"):
            shutil.rmtree(settings.DATA_DIR / folder, ignore_errors=True)
        self.stdout.write("已清空。重新建立：make demo")
