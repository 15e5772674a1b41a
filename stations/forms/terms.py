"""Forms of terms of the congress and of the groups of their representatives."""

from typing import ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from stations import operations
from stations.forms.base import DateField, ScopedForm
from stations.models import DeputyGroup, Term


class DeputyGroupForm(ScopedForm):
    """A group of representatives; its term is chosen once."""

    class Meta:
        model = DeputyGroup
        fields = ("term", "area", "name")
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": "这一届已经有同名的代表小组，请换一个名称。"}
        }

    def narrow(self) -> None:
        """A known group keeps its term."""
        super().narrow()
        if self.instance.pk:
            del self.fields["term"]

    def write(self) -> DeputyGroup:
        """Found the group, or change it."""
        area, name = self.cleaned_data["area"], self.cleaned_data["name"]
        if self.instance.pk:
            return operations.change_group(group=self.instance, area=area, name=name, actor=self.user)
        term = self.cleaned_data["term"]
        return operations.add_group(term=term, area=area, name=name, actor=self.user)


class TermForm(ScopedForm):
    """A term of the congress; its number is given once."""

    number = forms.IntegerField(
        label="届次",
        min_value=1,
        max_value=operations.HIGHEST_TERM,
        help_text="只填数字，例如 16；以后不能改。",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"),
            f"届次应为 1 到 {operations.HIGHEST_TERM} 之间的数，例如 16。",
        ),
    )
    starts_on = DateField(label="起")
    ends_on = DateField(
        label="止",
        required=False,
        help_text="还不知道就不填，换届时再补上。填了以后，这一届还在任的代表都任到这一天；改了或清空，他们的离任日也跟着改。",
    )

    class Meta:
        model = Term
        fields = ("number", "name", "starts_on", "ends_on")

    def narrow(self) -> None:
        """A known term keeps its number."""
        if self.instance.pk:
            del self.fields["number"]

    def write(self) -> Term:
        """Open the term, or change it."""
        answers = {name: self.cleaned_data[name] for name in ("name", "starts_on", "ends_on")}
        if self.instance.pk:
            known = Term.objects.get(pk=self.instance.pk)
            return operations.change_term(term=known, **answers, actor=self.user)
        return operations.add_term(number=self.cleaned_data["number"], **answers, actor=self.user)
