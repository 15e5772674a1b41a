"""The address under which a representative's own calendar can be read without signing in."""

import secrets

from django.db import models
from django.db.models import Q


def new_token() -> str:
    """Return 192 random bits for an address: who knows it reads the calendar, nobody guesses it."""
    return secrets.token_urlsafe(24)


class CalendarToken(models.Model):
    """One address of a personal calendar. It lives until it is revoked; a row that was revoked stays (410)."""

    representative = models.ForeignKey(
        "stations.Representative",
        verbose_name="代表",
        on_delete=models.PROTECT,
        related_name="calendar_tokens",
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField("开通时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    quiet = True  # no public page knows of it

    class Meta:
        verbose_name = "个人日历地址"
        verbose_name_plural = "个人日历地址"
        constraints = [
            models.UniqueConstraint(
                fields=["representative"],
                condition=Q(revoked_at__isnull=True),
                name="one_calendar_address_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.representative}（个人日历）"  # never the token: this stands in the log
