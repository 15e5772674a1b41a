"""The accounts a visitor of the demonstration may use."""

from dataclasses import dataclass

PASSWORD = "demo-2026"  # noqa: S105 -- printed by `make demo`, for invented people only


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One login of the demonstration."""

    username: str
    role: str  # as it is shown
    display_name: str
    grant: str = ""  # AreaGrant.Role
    group: str = ""  # Wagtail group
    password: str = PASSWORD


ACCOUNTS = (
    DemoAccount("office", "代表工作委员会", "代工委值班", "office"),
    DemoAccount("editor", "编辑", "孙拟稿", "editor", "编辑"),
    DemoAccount("publisher", "审核发布", "钱审样", "editor", "审核"),
    DemoAccount("recorder", "记录员", "记录员", "recorder"),
    DemoAccount("reviewer", "区域审核", "审核员", "reviewer"),
    DemoAccount("auditor", "审计", "审计员", "auditor"),
    DemoAccount("daibiao", "代表", ""),  # the person of story 1
    DemoAccount("daibiao2", "代表（二）", ""),
)
