"""How an office is reached: telephone numbers and postcodes as people write them, read and refused in words."""

import re
import unicodedata
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

DASHES = re.compile(" *[-\u2010-\u2015\u2212] *")  # hyphens, dashes and the minus, as input methods give them
NUMBER = re.compile(
    r"""(?:
        (?:\(0\d{2,3}\)|0\d{2,3})[ -]?[1-9]\d{6,7}  # with its area code: 0374-8000000
      | [1-9]\d{6,7}                                # without
      | [48]00-?\d{3}-?\d{4}                        # 400 and 800
    )(?:(?:-|\ ?转\ ?)\d{1,6})?                     # an extension
    | (?:\+86\ ?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}      # a mobile number
    | 1\d{2} | 1\d{4} | 9[56]\d{3,4}                # 110, 12345, 95598
    """,
    re.VERBOSE | re.ASCII,
)
POSTCODE = re.compile(r"[0-9]{6}")
NO_NUMBER = "没有看懂这个电话号码。请填一个，例如 0374-8000000、0374-8000000 转 8001、13900000000 或 12345；没有电话就空着。"
NO_POSTCODE = "邮编是 6 位数字，例如 461000；不知道就空着。"


def telephone(typed: str) -> str:
    """Return a telephone number in plain signs, one that can be dialled in China; "" for none.

    Raises ValidationError for anything else, also for two numbers: a phone that is tapped dials one.
    """
    number = DASHES.sub("-", _plain(typed))
    if number and not NUMBER.fullmatch(number):
        raise forms.ValidationError(NO_NUMBER, code="invalid")
    return number


def postcode(typed: str) -> str:
    """Return a postcode in plain digits, "" for none; raises ValidationError for anything else."""
    digits = _plain(typed)
    if digits and not POSTCODE.fullmatch(digits):
        raise forms.ValidationError(NO_POSTCODE, code="invalid")
    return digits


def _plain(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", typed).split())


class ContactForm(WagtailAdminModelForm):
    """The form of 站点身份; a number or postcode of before that nobody touches is not looked at."""

    def clean_phone(self) -> Any:
        """Take a telephone number."""
        typed = self.cleaned_data["phone"]
        return telephone(typed) if "phone" in self.changed_data else typed

    def clean_postcode(self) -> Any:
        """Take a postcode."""
        typed = self.cleaned_data["postcode"]
        return postcode(typed) if "postcode" in self.changed_data else typed
