"""The lines of 开通清单: each floor brings its own (`<app>.first_day.LINES`), this floor names none of them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db.models import BooleanField, Exists, F, QuerySet, Value
from django.urls import reverse
from django.utils.module_loading import module_has_submodule
from wagtail.models import Site

from portal.installation.operations import STANDING
from portal.models import ArticlePage, CongressSettings, HomePage, User

STATE = "state_of_{}"  # of a line, in the one query


class Line(NamedTuple):
    """One thing to do: `proof` are the rows that show it is done, or the answer itself; `form` is where it is done."""

    key: str
    order: int
    label: str
    why: str
    proof: Callable[[User], Any]
    form: Callable[[User, Site], str]  # an address, "" where there is no form that this person may open
    action: str = "登记"
    by: str = "技术人员"  # who does it where there is no form


class Told(NamedTuple):
    """A line as it is shown."""

    line: Line
    done: bool
    href: str


class Checklist(NamedTuple):
    """All lines in the order in which they are done, and whether somebody has put the list away."""

    lines: list[Told]
    away: bool

    @property
    def to_do(self) -> list[Told]:
        """The lines that are still to be done."""
        return [told for told in self.lines if not told.done]


def lines() -> list[Line]:
    """Return the lines of all floors in the order in which they are done."""
    found = [*LINES]
    for config in apps.get_app_configs():
        if config.name != "portal" and module_has_submodule(config.module, "first_day"):
            found += import_module(f"{config.name}.first_day").LINES
    return sorted(found, key=lambda line: line.order)


def checklist_of(site: Site, user: User) -> Checklist:
    """Return the list of the installation as `user` sees it (1 query, however many lines)."""
    known = lines()
    states = {STATE.format(line.key): _state(line.proof(user)) for line in known}
    away = F("congresssettings__first_day_away")
    row = Site.objects.filter(pk=site.pk).annotate(first_day_away=away, **states).values().get()
    told = [Told(line, bool(row[STATE.format(line.key)]), line.form(user, site)) for line in known]
    return Checklist(told, bool(row["first_day_away"]))


def _state(proof: Any) -> Any:
    return Exists(proof) if isinstance(proof, QuerySet) else Value(bool(proof), BooleanField())


def at(name: str, *args: Any) -> Callable[[User, Site], str]:
    """Return what gives the address of a form that everybody who sees the list may open."""
    return lambda *_: reverse(name, args=args)


def for_superusers(name: str) -> Callable[[User, Site], str]:
    """Return what gives the address of a form that a superuser alone may open."""
    return lambda user, _: reverse(name) if user.is_superuser else ""


def _named(_: User) -> Any:
    return CongressSettings.objects.exclude(host_name="").exclude(phone="").exclude(address="")


def _published(_: User) -> Any:
    # A home page below which no standing page is a draft; one that was thrown away is not missed.
    drafts = ArticlePage.objects.filter(slug__in=STANDING.values(), live=False)
    return HomePage.objects.exclude(Exists(drafts))


def _pages(user: User, site: Site) -> str:
    return reverse("wagtailadmin_explore", args=[site.root_page_id]) if user.is_superuser else ""


LINES = (
    Line(
        "identity",
        10,
        "站点身份",
        "主办单位、联系电话、地址，每一页的页脚都要用。",
        _named,
        at("wagtailsettings:edit", "portal", "congresssettings"),
        "填写",
    ),
    Line(
        "standing",
        130,
        "三个说明页",
        "“关于本站”“无障碍说明”“隐私说明”建站时是草稿，看过、改好再发布，页脚才出现。",
        _published,
        _pages,
        "查看",
        "编辑和审核",
    ),
    Line(
        "letters",
        140,
        "发信",
        "由技术人员在 .env 里填 EMAIL_URL；不填，网站上没有邮件订阅，提醒也不发邮件。",
        lambda _: settings.SENDS_LETTERS,
        lambda *_: "",
    ),
    Line(
        "factor",
        150,
        "您自己的两步验证",
        "您的账号看得到全部资料。加上验证器，别人知道密码也进不来。",
        lambda user: Authenticator.objects.filter(user=user),
        at("mfa_index"),
        "开启",
    ),
)
