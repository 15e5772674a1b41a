"""Forms of accounts: a new and a known one in the admin's 用户, a representative's login, logins for many."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from portal.accounts import mobile_number
from portal.first_login.passwords import HOLDS, new_password, state_of
from portal.models import User
from stations import operations
from stations.models import Area, DeputyGroup, GroupMembership, Mandate, Representative
from stations.operations import AccountFacts, PersonRefused, Slip
from stations.policies import OFFICE_ONLY, keeps_account, reach

PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a new and a known account have in common; `slip` is what is to be handed over after the write."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        help_text="登录时输入，也可以用手机号登录。用字母、数字和 @ . + - _，不要有空格。",
    )
    display_name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, help_text="可以不填；填了就能用它登录。"
    )
    password1 = forms.CharField(label="密码", required=False, strip=False, widget=PASSWORD)
    password2 = forms.CharField(label="再输一次密码", required=False, strip=False, widget=PASSWORD)

    class Meta:
        model = User
        fields = ("username", "display_name", "phone", "is_active", "groups", "is_superuser")
        widgets: ClassVar = {"groups": forms.CheckboxSelectMultiple}
        labels: ClassVar = {"is_active": "启用", "groups": "权限组", "is_superuser": "管理员"}
        help_texts: ClassVar = {
            "is_active": "取消勾选，这个账号就不能登录，做过的记录都还在。",
            "groups": "能在后台做什么；管哪个区域，在“人员与站点 → 区域授权”里给。编辑、审核和代工委的同志各选一个，其他人不用选。",
            "is_superuser": "管理整个站点，看得到所有区域。",
        }

    def __init__(self, *args: Any, user: User, editing_self: bool = False, **kwargs: Any) -> None:
        self.user, self.editing_self = user, editing_self
        self.slip: Slip | None = None
        super().__init__(*args, **kwargs)
        self.known = self.instance if self.instance.pk else None
        if editing_self:
            del self.fields["is_active"]
        if editing_self or not user.is_superuser:
            del self.fields["is_superuser"]

    def clean(self) -> dict[str, Any]:
        """Say at its field what is wrong with the number, the user name or the password."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        number = answers.get("phone", "")
        try:
            number = operations.checked_number(number, but=self.known)
            answers["phone"] = number or None
        except PersonRefused as refusal:
            self.add_error("phone", str(refusal))
        if "username" in answers:
            own = number or (self.known.username if self.known else "")
            try:
                answers["username"] = operations.checked_username(answers["username"], own, but=self.known)
            except PersonRefused as refusal:
                self.add_error("username", str(refusal))
        self._clean_password(answers)
        return answers

    def _clean_password(self, answers: dict[str, Any]) -> None:
        typed = answers.get("password1")
        if typed != answers.get("password2"):
            self.add_error("password2", "两次输入的密码不一样，请重新输入。")
        elif typed:
            try:
                validate_password(typed, user=self.instance)
            except forms.ValidationError as refusal:
                self.add_error("password1", refusal)

    def facts(self) -> AccountFacts:
        """Return the answers as the operation takes them."""
        names = ("username", "display_name", "phone", "groups", "is_active", "is_superuser")
        answers = {name: self.cleaned_data.get(name) for name in names}
        return AccountFacts(**answers | {"phone": answers["phone"] or ""})


class NewAccountForm(AccountForm):
    """A new account; who leaves the password empty gets a one-time password to hand over."""

    field_order = ("username", "display_name", "phone", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "password1"
        ].help_text = "留空最好：系统给一个一次性密码，保存后只显示一次。自己填的，对方第一次登录时也要换。"

    @transaction.atomic
    def write(self) -> User:
        """Open the account and give it what else was ticked."""
        facts, typed = self.facts(), self.cleaned_data["password1"]
        password = typed or new_password()
        account = operations.open_account(
            username=facts.username,
            display_name=facts.display_name.strip(),
            phone=facts.phone,
            password=password,
            until=timezone.now() + HOLDS,
            actor=self.user,
        )
        account = operations.change_account(user=account, facts=facts, actor=self.user)
        self.slip = None if typed else Slip(account, password)
        return account


class KnownAccountForm(AccountForm):
    """A known account; a password that somebody else sets for it is a one-time password."""

    one_time = forms.BooleanField(
        label="重置密码",
        required=False,
        help_text="给一个新的一次性密码，保存后只显示一次。原来的密码不能再用，已经登录的地方都会退出。",
    )

    field_order = ("username", "display_name", "phone", "one_time", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "不改就留空。替别人填的，对方下一次登录时要换成自己的。"
        self.fields["one_time"].widget.attrs["value"] = state_of(
            self.instance
        )  # a tick counts for what was seen
        if self.editing_self:
            del self.fields["one_time"]

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords at once, and the second answer to one tick."""
        answers = super().clean()
        if answers.get("one_time") and answers.get("password1"):
            self.add_error("one_time", "要么重置密码，要么自己填一个，请只选一样。")
        elif answers.get("one_time") and self.data["one_time"] != state_of(self.instance):
            self.add_error("one_time", "密码刚才已经换过了，没有再换。要再给一个新的，请再保存一次。")
        return answers

    @transaction.atomic
    def write(self) -> User:
        """Change the account, and its password when one was asked for."""
        typed = self.cleaned_data["password1"]
        account = operations.change_account(user=self.instance, facts=self.facts(), actor=self.user)
        password = new_password() if self.cleaned_data.get("one_time") else typed
        if password:
            until = None if self.editing_self else timezone.now() + HOLDS
            account = operations.give_password(user=account, password=password, until=until, actor=self.user)
        self.slip = Slip(account, password) if password and not typed else None
        return account


class OpenLoginForm(forms.Form):
    """The user name with which a representative's login is opened."""

    username = forms.CharField(label="用户名", max_length=150)

    def __init__(self, *args: Any, person: Representative, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_username(self) -> str:
        """Return a user name that is free."""
        try:
            return operations.checked_username(self.cleaned_data["username"], self.person.phone)
        except PersonRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class CorrectLoginForm(forms.Form):
    """Name and number of a representative's login, put right by the office of the area."""

    display_name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="登录用的手机号", max_length=20, required=False)

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        self.account = account
        kwargs["initial"] = {"display_name": account.display_name, "phone": account.phone or ""}
        super().__init__(*args, **kwargs)
        hint = "可以不填；填了就能用它登录。"
        if mobile_number(account.username):
            hint = "本人用它登录；改了以后，用户名也改成新的手机号。"
        self.fields["phone"].help_text = f"{hint}代表资料里的手机号不跟着改。"

    def clean_phone(self) -> str:
        """Return the digits of a number that no other account has."""
        try:
            return operations.checked_number(self.cleaned_data["phone"], but=self.account)
        except PersonRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class LinkAccountForm(forms.Form):
    """An account that is there already, by what its owner types to sign in: no list tells the office of others."""

    login = forms.CharField(label="已有账号的用户名或手机号", max_length=150)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_login(self) -> User:
        """Return the account; one that the office may not give away is not found."""
        typed = self.cleaned_data["login"].strip()
        number = mobile_number(typed)
        named = Q(username__iexact=typed) | (Q(phone=number) if number else Q())
        account = User.objects.filter(named, is_active=True, representative=None).first()
        if account is None or not keeps_account(self.user, account):
            raise forms.ValidationError(
                "没有找到可以关联的账号。请核对用户名；已经是别的代表的账号、停用的账号、有后台权限的账号不能在这里关联。"
            )
        return account


class ManyForm(forms.Form):
    """Whom to print slips for: the office's people in office without a login, or who never used it, of an area or group."""

    WAITING = "waiting"

    of = forms.ChoiceField(
        label="名单",
        required=False,
        choices=[("", "还没有账号的，开通登录"), (WAITING, "开通了还没有登录过的，补发纸条")],
    )

    area = forms.ModelChoiceField(Area.objects.none(), label="区域", required=False, empty_label="全部区域")
    group = forms.ModelChoiceField(
        DeputyGroup.objects.none(), label="代表小组", required=False, empty_label="全部小组"
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        self.user, self.day = user, day
        super().__init__(*args, **kwargs)
        area, group = self.fields["area"], self.fields["group"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(group, forms.ModelChoiceField)
        area.queryset = Area.objects.filter(reach(user, OFFICE_ONLY, "")).order_by("path")
        mine = Mandate.objects.on(day).filter(reach(user, OFFICE_ONLY))
        group.queryset = DeputyGroup.objects.filter(term__in=mine.values("term")).filter(
            reach(user, OFFICE_ONLY)
        )

    def seats(self) -> QuerySet[Mandate]:
        """Return the mandates of today that are asked for, each with person, account, area and group, by strokes."""
        chosen = self.cleaned_data if self.is_valid() else {}
        seats = Mandate.objects.on(self.day).filter(reach(self.user, OFFICE_ONLY))
        seats = seats.filter(self._still_on_paper() if self.waiting else Q(representative__user=None))
        if area := chosen.get("area"):
            seats = seats.filter(area__path__startswith=area.path)
        groups = GroupMembership.objects.on(self.day)
        if group := chosen.get("group"):
            seats = seats.filter(pk__in=groups.filter(group=group).values("mandate"))
        named = Prefetch("memberships", groups.select_related("group"), to_attr="groups_now")
        ordered = seats.select_related("representative__user", "area").prefetch_related(named)
        return ordered.order_by("representative__stroke_key", "pk")

    @property
    def waiting(self) -> bool:
        """Whether slips are to be printed again."""
        return self.is_valid() and self.cleaned_data["of"] == self.WAITING

    @staticmethod
    def _still_on_paper() -> Q:
        """Accounts whose one-time password was never used, and which may do nothing in the admin."""
        plain = User.objects.filter(is_active=True, is_superuser=False, groups=None, area_grants=None)
        return Q(representative__user__in=plain.filter(user_permissions=None, one_time_until__isnull=False))
