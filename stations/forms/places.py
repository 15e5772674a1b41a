"""Forms of places: areas and grants, stations, rosters."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from portal.contact import telephone
from portal.models import User
from stations import operations
from stations.forms.base import DateField, MandateField, ScopedForm
from stations.models import Area, AreaGrant, Mandate, RosterEntry, Station
from stations.policies import OFFICE_ONLY, unlimited

PEOPLE_SHOWN = 12  # rows of the list of people, before it scrolls


class CodedForm(ScopedForm):
    """What a new and a known area share: a code unlike those around it is taken when the clerk insists."""

    insist = forms.BooleanField(
        label="代码没有写错，就这样登记",
        required=False,
        widget=forms.HiddenInput,  # shown once it is asked for
        help_text="例如由开发区代管的乡镇，代码和上级不同。",
    )

    def clean(self) -> dict[str, Any]:
        """Say beside the code what is wrong with it; one that stays as it is is not looked at."""
        answers = super().clean()
        known = self.instance if self.instance.pk else None
        level = known.level if known else answers.get("level")
        if level and "code" in answers and "code" in self.changed_data:
            try:
                answers["code"] = operations.checked_code(answers["code"], level, besides=known)
            except operations.PersonRefused as refused:
                self.add_error("code", str(refused))
        return answers

    def written(self, write: Callable[..., Area], **more: Any) -> Area:
        """Return what the operation wrote; the box appears when it found the code unlike those around it."""
        try:
            return write(**self.cleaned_data, **more, actor=self.user)
        except operations.CodeUnlikeBranch as refused:
            self.fields["insist"].widget = forms.CheckboxInput()
            raise operations.PersonRefused(
                f"{refused}确实没有写错的，请勾选“代码没有写错”再保存。"
            ) from refused


class NewAreaForm(CodedForm):
    """A node below one of the user's areas; the first of all stands alone."""

    code = forms.CharField(
        label="区划代码", max_length=24, help_text="地级市和县（市、区）6 位数字，乡镇、街道 9 位数字。"
    )
    parent = forms.ModelChoiceField(
        Area.objects.none(),
        label="上级区域",
        required=False,
        help_text="以后不能改；选错了的，没有用过可以删除，再登记一次。",
    )

    class Meta:
        model = Area
        fields = ("code", "name", "level")

    field_order = ("level", "parent", "code", "name", "insist")

    def narrow(self) -> None:
        """Offer the user's areas, the highest first chosen; only the first of all stands below none."""
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.areas(OFFICE_ONLY)
        field.required = not unlimited(self.user) or Area.objects.exists()
        field.initial = field.queryset.first()

    def write(self) -> Area:
        """Add the area to the tree."""
        return self.written(operations.add_area)


class AreaForm(CodedForm):
    """A known area: its name, and its code when that was typed wrong."""

    code = forms.CharField(label="区划代码", max_length=24, help_text="写错了才改。")

    class Meta:
        model = Area
        fields = ("name", "code")

    def write(self) -> Area:
        """Change the area."""
        return self.written(operations.change_area, area=self.instance)


class AreaGrantForm(ScopedForm):
    """Who may do what in which branch of the tree."""

    class Meta:
        model = AreaGrant
        fields = ("user", "area", "role")
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": "这个账号在这个区域已有这个身份，不用再授予。"}
        }

    def narrow(self) -> None:
        """The office gives roles in its own branch only."""
        area, account = self.fields["area"], self.fields["user"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(account, forms.ModelChoiceField)
        area.queryset = self.areas(OFFICE_ONLY)
        account.queryset = User.objects.filter(is_active=True).order_by("username")

    def write(self) -> AreaGrant:
        """Grant the role."""
        answers = self.cleaned_data
        return operations.grant(
            user=answers["user"], area=answers["area"], role=answers["role"], actor=self.user
        )


class StationForm(ScopedForm):
    """A liaison station or an industry liaison point, new or known."""

    class Meta:
        model = Station
        fields = ("kind", "name", "area", "industry", "address", "phone", "hours", "access", "map_x", "map_y")

    def clean_phone(self) -> str:
        """Take a telephone number; one of before that nobody touches is not looked at."""
        typed: str = self.cleaned_data["phone"]
        return telephone(typed) if "phone" in self.changed_data else typed

    def clean(self) -> dict[str, Any]:
        """An industry point names its industry."""
        answers = super().clean()
        if answers.get("kind") == Station.Kind.INDUSTRY and answers.get("industry") == "":
            self.add_error("industry", "产业联络点请填写产业。")
        return answers

    def write(self) -> Station:
        """Register the station, or change it."""
        if self.instance.pk:
            return operations.change_station(station=self.instance, **self.cleaned_data, actor=self.user)
        return operations.add_station(**self.cleaned_data, actor=self.user)


class NewRosterEntryForm(ScopedForm):
    """Several representatives who begin to work from a station on one day."""

    mandates = MandateField(
        Mandate.objects.none(),
        label="代表",
        widget=forms.SelectMultiple(attrs={"size": PEOPLE_SHOWN}),
        help_text="按住 Ctrl 可选多名。",
    )
    starts_on = DateField(label="起")

    class Meta:
        model = RosterEntry
        fields = ("station", "duty", "starts_on")

    field_order = ("station", "mandates", "duty", "starts_on")

    def write(self) -> Station:
        """Put them on the roster; who is there already stays as before."""
        answers = self.cleaned_data
        operations.add_to_roster(
            station=answers["station"],
            mandates=answers["mandates"],
            starts_on=answers["starts_on"],
            duty=answers["duty"],
            actor=self.user,
        )
        station: Station = answers["station"]
        return station


class RosterEntryForm(ScopedForm):
    """A known entry: its duty, and until when it lasts."""

    ends_on = DateField(label="止", required=False, help_text="最后一个驻站的日子。")

    class Meta:
        model = RosterEntry
        fields = ("duty", "ends_on")

    def write(self) -> RosterEntry:
        """Change the entry."""
        answers = self.cleaned_data
        return operations.change_roster_entry(
            entry=self.instance, duty=answers["duty"], ends_on=answers["ends_on"], actor=self.user
        )
