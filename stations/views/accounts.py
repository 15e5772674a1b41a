"""The office gives people their logins: one person's account, logins for many, and the slips, shown once."""

from collections.abc import Sequence
from typing import Any

import segno
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from portal.first_login.passwords import state_of
from portal.models import User
from portal.stale_forms import carry, is_stale
from stations.forms.accounts import CorrectLoginForm, LinkAccountForm, ManyForm, OpenLoginForm
from stations.models import Mandate, Representative
from stations.operations import (
    PersonRefused,
    Slip,
    correct_login,
    link_account,
    open_logins,
    reset_passwords,
    unlink_account,
)
from stations.policies import gives_logins, keeps_account, office_of
from stations.usernames import Planned, plan_logins

MOST = 100  # people at once: hashing takes 0.1 to 0.2 s each on two cores, and a proxy waits for a minute


def slips_page(request: HttpRequest, slips: Sequence[Slip], *, back: str) -> HttpResponse:
    """Answer with the slips to print: the only place where these passwords ever stand, kept by no cache."""
    address = settings.PUBLIC_URL + reverse("account_login")
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=1, omitsize=True, svgclass=None, lineclass=None)
    context = {
        "slips": slips,
        "address": address,
        "qr": mark_safe(svg),  # noqa: S308 -- segno's markup of our own address
        "back": back,
    }
    answer = render(request, "stations/accounts/slips.html", context)
    add_never_cache_headers(answer)
    return answer


class AccountView(WagtailAdminTemplateMixin, TemplateView):
    """登录账号 of one representative: opened, linked, corrected, taken off or given another password by the area's office."""

    template_name = "stations/accounts/person.html"
    page_title = "登录账号"
    header_icon = "key"
    person: Representative

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in the office of the person's area alone; for everybody else the page does not exist (THREATS 12)."""
        people = Representative.objects.select_related("user")
        self.person = get_object_or_404(people, pk=kwargs["pk"])
        if not gives_logins(request.user) or not office_of(request.user, self.person, timezone.localdate()):
            raise Http404
        self.open_form = OpenLoginForm(person=self.person, initial={"username": self._suggestion()})
        self.link_form = LinkAccountForm(user=self._user)
        self.correct_form = self._correct_form(self.person.user) if self.person.user else None
        self.refusal, self.status = "", 200
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says; a refusal stands on the page, with what was typed."""
        step = {
            "open": self._open,
            "link": self._link,
            "correct": self._correct,
            "unlink": self._unlink,
            "reset": self._reset,
        }.get(request.POST.get("do", ""))
        try:
            answer = step() if step else None
        except PersonRefused as refusal:
            self.refusal, answer = str(refusal), None
            self.person = Representative.objects.select_related("user").get(pk=self.person.pk)
        return answer or self.render_to_response(self.get_context_data(), status=self.status if step else 400)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        people = {"url": reverse("representatives:index"), "label": "代表"}
        form = {"url": reverse("representatives:edit", args=[self.person.pk]), "label": str(self.person)}
        return [*self.breadcrumbs_items, people, form, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.person.user
        staff = policy_registry.get_by_type(User).user_has_permission(self._user, "change")
        return super().get_context_data(**kwargs) | {
            "person": self.person,
            "account": account,
            "state": state_of(account) if account else "",
            "waits": bool(account and account.one_time_until),
            "over": bool(account and account.one_time_until and account.one_time_until < timezone.now()),
            "keeps": bool(account and keeps_account(self._user, account)),
            "own": account == self._user,
            "second_factor": bool(account and is_mfa_enabled(account)),
            "form_of_account": reverse("wagtailusers_users:edit", args=[account.pk])
            if account and staff
            else "",
            "open_form": self.open_form,
            "link_form": self.link_form,
            "correct_form": self.correct_form,
            "refusal": self.refusal,
        }

    @property
    def _user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def _suggestion(self) -> str:
        if self.person.user_id:
            return ""
        (planned,) = plan_logins([self.person], User.objects.values_list("username", "phone"))
        return planned.username

    def _open(self) -> HttpResponse | None:
        self.open_form = OpenLoginForm(self.request.POST, person=self.person)
        if not self.open_form.is_valid():
            return None
        slips = open_logins(
            people=[self.person],
            username=self.open_form.cleaned_data["username"],
            moment=timezone.now(),
            actor=self._user,
        )
        return slips_page(self.request, slips, back=self.request.path)

    def _link(self) -> HttpResponse | None:
        self.link_form = LinkAccountForm(self.request.POST, user=self._user)
        if not self.link_form.is_valid():
            return None
        account = self.link_form.cleaned_data["login"]
        link_account(person=self.person, user=account, actor=self._user)
        messages.success(self.request, f"已把账号“{account.username}”关联到{self.person}。")
        return redirect(self.request.path)

    def _correct_form(self, account: User) -> CorrectLoginForm:
        sent = self.request.POST if self.request.POST.get("do") == "correct" else None
        form = CorrectLoginForm(sent, account=account)
        carry(form, self.request.path)
        return form

    @transaction.atomic
    def _correct(self) -> HttpResponse | None:
        """Change name and number of the account, which is held from reading it to writing it."""
        account = User.objects.select_for_update().filter(pk=self.person.user_id or 0).first()
        if account is None or not keeps_account(self._user, account):
            raise PersonRefused("这个账号不能在这里修改，没有改动。")
        form = self.correct_form = self._correct_form(account)
        if not form.is_valid():
            return None
        if is_stale(form, subject=account, reader=self._user):
            self.status = 409
            return None
        correct_login(user=account, **form.cleaned_data, actor=self._user)
        messages.success(self.request, f"已保存{self.person}的登录账号。")
        return redirect(self.request.path)

    def _unlink(self) -> HttpResponse:
        unlink_account(person=self.person, actor=self._user)
        messages.success(self.request, f"{self.person}已没有登录账号；原来的账号还在，可以再关联。")
        return redirect(self.request.path)

    def _reset(self) -> HttpResponse:
        account = self.person.user
        if account is None or not keeps_account(self._user, account):
            raise PersonRefused("这个账号不能在这里重置密码，没有改动。")
        seen = {account.pk: self.request.POST.get("state", "")}
        slips = reset_passwords(seen=seen, moment=timezone.now(), actor=self._user)
        return slips_page(self.request, slips, back=self.request.path)


class ManyAccountsView(WagtailAdminTemplateMixin, TemplateView):
    """为多人开通登录: who has no account yet, and one button that opens all who are ticked, or none."""

    template_name = "stations/accounts/many.html"
    page_title = "为多人开通登录"
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who gives logins somewhere; the list holds the people of the own areas."""
        if not gives_logins(request.user):
            raise Http404
        assert isinstance(request.user, User)
        self.form = ManyForm(request.GET, user=request.user, day=timezone.localdate())
        self.refusal = ""
        self.ticked: set[str] | None = None
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open a login for everybody ticked and answer with the slips; refused, nobody has one and the ticks stay."""
        assert isinstance(request.user, User)
        self.ticked = set(request.POST.getlist("person"))
        try:
            slips = self._slips(self._chosen(), request.user)
        except PersonRefused as refusal:
            self.refusal = str(refusal)
            return self.render_to_response(self.get_context_data())
        return slips_page(request, slips, back=request.get_full_path())

    def _slips(self, people: list[Representative], actor: User) -> list[Slip]:
        if not self.form.waiting:
            return open_logins(people=people, moment=timezone.now(), actor=actor)
        seen = {person.user.pk: state_of(person.user) for person in people if person.user}
        return reset_passwords(seen=seen, moment=timezone.now(), actor=actor)

    def _chosen(self) -> list[Representative]:
        """Return who is ticked, of those on the list as it is now."""
        ticked = self.ticked or set()
        here = {_tick(seat.representative): seat.representative for seat in self._seats()}
        if not ticked:
            raise PersonRefused("还没有选人，请至少勾选一位。")
        if ticked - here.keys():
            raise PersonRefused(
                "名单有变化：勾选的人里，有的刚才已经办过，或者不在这个范围里。这一次一位也没有办，请看新的名单，再点一次。"
            )
        if len(ticked) > MOST:
            raise PersonRefused(f"一次最多 {MOST} 位，现在勾选了 {len(ticked)} 位，请按区域或小组分几次办。")
        return [person for pk, person in here.items() if pk in ticked]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        people = {"url": reverse("representatives:index"), "label": "代表"}
        return [*self.breadcrumbs_items, people, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self._rows()
        ready = [plan for _, plan in rows if not plan.trouble]
        ticked = self.ticked if self.ticked is not None else {_tick(plan.person) for plan in ready[:MOST]}
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "rows": [(seat, plan, _tick(plan.person), _tick(plan.person) in ticked) for seat, plan in rows],
            "waiting": self.form.waiting,
            "ready": len(ready),
            "with_number": sum(bool(plan.phone) for plan in ready),
            "most": MOST,
            "refusal": self.refusal,
        }

    def _seats(self) -> list[Mandate]:
        """Return the mandates of the list, one for each person."""
        return list({seat.representative_id: seat for seat in self.form.seats()}.values())

    def _rows(self) -> list[tuple[Mandate, Planned]]:
        seats = self._seats()
        if self.form.waiting:
            return [(seat, _kept(seat.representative)) for seat in seats]
        accounts = User.objects.values_list("username", "phone")
        planned = plan_logins([seat.representative for seat in seats], accounts)
        return list(zip(seats, planned, strict=True))


def _tick(person: Representative) -> str:
    """Return what a tick beside the person sends; another when the password changed, so that one click counts once."""
    return f"{person.pk}.{state_of(person.user)}" if person.user else str(person.pk)


def _kept(person: Representative) -> Planned:
    assert person.user is not None
    return Planned(person, person.user.username, person.user.phone or "")
