"""What every start of an installation or of the demonstration begins with: the schema, then styles and scripts."""

from collections.abc import Callable

from django.core.management import call_command


def prepare(say: Callable[[str], object]) -> None:
    """Bring the database up to date and collect the static files; `say` is told before each."""
    say("正在更新数据库……")
    call_command("migrate", verbosity=0)
    say("正在整理样式与脚本……")
    call_command("collectstatic", interactive=False, verbosity=0)
