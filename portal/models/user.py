"""The account of a person: representative, recorder, editor, reviewer, office, auditor."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class User(AbstractUser):
    """One login. Who the person is in the congress is told by the floors above."""

    display_name = models.CharField("姓名", max_length=60, blank=True)
    phone = models.CharField("手机号", max_length=11, null=True, blank=True, unique=True)

    # Set while the password is one that the office gave: until when it opens the first sign-in (portal/first_login).
    one_time_until = models.DateTimeField("一次性密码有效到", null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "账号"
        verbose_name_plural = "账号"
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^1[3-9][0-9]{9}$"),
                name="user_phone_is_mobile",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def set_password(self, raw_password: Any) -> None:
        """Set a password, one's own unless the caller says otherwise afterwards."""
        super().set_password(raw_password)
        self.one_time_until = None

    def get_full_name(self) -> str:
        """Return the name as it is spoken; the user name where none was given."""
        return self.display_name or self.username
