"""Certificates of participation: a number, an address to verify it; whether it holds is what the roll says now."""

import secrets

from django.conf import settings
from django.db import models

from sessions.models.attendance import Attendance


def new_token() -> str:
    """Return 144 random bits for the address of verification: the number on the paper does not lead there."""
    return secrets.token_urlsafe(18)


class CertificateYear(models.Model):
    """The last number given out in a year; its row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    quiet = True

    class Meta:
        verbose_name = "证明编号"

    def __str__(self) -> str:
        return str(self.year)


class Certificate(models.Model):
    """参加证明 of one row of a closed roll. It is revoked while that row does not say that the person came (rule 25)."""

    attendance = models.OneToOneField(
        Attendance, verbose_name="签到记录", on_delete=models.PROTECT, related_name="certificate"
    )
    number = models.CharField("编号", max_length=20, unique=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    issued_at = models.DateTimeField("出具时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="出具人", on_delete=models.PROTECT, related_name="+"
    )

    quiet = True  # its public page is never stored

    class Meta:
        verbose_name = "参加证明"
        verbose_name_plural = "参加证明"

    def __str__(self) -> str:
        return self.number

    @property
    def revoked(self) -> bool:
        """Whether the roll says by now that the person did not come, or the claim is not confirmed."""
        return not self.attendance.came
