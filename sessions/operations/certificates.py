"""Certificates are given out once, numbered in order; what they say follows the roll (PRODUCT.md, rule 25)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.models import Activity, Attendance, Certificate, CertificateYear
from sessions.paper.codes import certificate_number
from stations.models import Representative


class CertificateRefused(ValueError):
    """No certificate can be given out; the message says why."""


@transaction.atomic
def issue_certificates(
    *, activity: Activity, actor: User, moment: datetime, representative: Representative | None = None
) -> int:
    """Give a certificate to everybody who came, or to `representative` alone, and return how many are new.

    The roll must be closed; who has one keeps it. Numbers run on within the year of issue, without a gap, in
    姓名笔画 order. Raises CertificateRefused for an open roll and for somebody who did not come.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state != Activity.State.CLOSED:
        raise CertificateRefused("名册收册以后才能出具参加证明。")
    came = Attendance.objects.came().filter(activity=activity, confirmed_at__isnull=False)
    if representative is not None:
        came = came.filter(representative=representative)
        if not came.exists():
            raise CertificateRefused("名册上没有到场记录，不能出具参加证明。")
    rows = list(came.filter(certificate=None).order_by("representative__stroke_key", "pk"))
    if not rows:
        return 0
    year = timezone.localtime(moment).year
    last = _take_numbers(year, len(rows))
    Certificate.objects.bulk_create(
        [
            Certificate(
                attendance=row, number=certificate_number(year, serial), issued_at=moment, issued_by=actor
            )
            for serial, row in enumerate(rows, start=last - len(rows) + 1)
        ],
        batch_size=200,
    )
    record("sharing.issue_certificates", activity, actor=actor, issued=len(rows))
    return len(rows)


def _take_numbers(year: int, count: int) -> int:
    """Take `count` numbers of `year` and return the last one; the year's row is held until the transaction ends."""
    CertificateYear.objects.bulk_create([CertificateYear(year=year)], ignore_conflicts=True)
    held = CertificateYear.objects.select_for_update().get(year=year)
    held.last += count
    held.save(update_fields=["last"])
    return held.last
