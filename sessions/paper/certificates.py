"""What stands on a certificate and on the page that verifies it. Reads only."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from sessions.checkin.rolls import unit_of
from sessions.checkin.wall import qr_svg
from sessions.models import Activity, Attendance, Certificate, Enrolment


@dataclass(frozen=True, slots=True)
class Sheet:
    """One certificate as people read it."""

    certificate: Certificate

    @property
    def row(self) -> Attendance:
        """The row of the roll."""
        return self.certificate.attendance

    @property
    def unit(self) -> str:
        """Electing unit or area of the person."""
        return unit_of(self.row.mandate)

    @property
    def role(self) -> str:
        """What the person did there: 主讲, 主持, 列席 or 参加."""
        if self.row.role in {Enrolment.Role.SPEAKER, Enrolment.Role.HOST}:
            return str(Enrolment.Role(self.row.role).label)
        return "列席" if self.row.status == Attendance.Status.VISITOR else "参加"

    @property
    def duration(self) -> str:
        """How long the activity took, in words: 2 小时, 1 小时 30 分."""
        minutes = (self.row.activity.ends_at - self.row.activity.starts_at) // timedelta(minutes=1)
        hours, rest = divmod(minutes, 60)
        return " ".join(filter(None, (f"{hours} 小时" if hours else "", f"{rest} 分" if rest else "")))

    @property
    def units(self) -> str:
        """What a sitting of a meeting counts, in words: 2 个半天; "" for other activities, whose number has no measure."""
        if self.row.activity.meeting_id is None:
            return ""
        return f"{self.row.units.normalize():f} 个半天"

    @property
    def address(self) -> str:
        """The absolute address that verifies the certificate, on this site's own host (THREATS 4)."""
        return settings.PUBLIC_URL + reverse("certificate", args=(self.certificate.token,))

    @property
    def qr(self) -> SafeString:
        """The address as a QR code; the markup is segno's own, made from our address."""
        return mark_safe(qr_svg(self.address))  # noqa: S308


def certificates() -> QuerySet[Certificate]:
    """Return certificates with all that stands on them (1 query)."""
    return Certificate.objects.select_related(
        "attendance__activity", "attendance__representative", "attendance__mandate__area"
    )


def sheets_of(activity: Activity) -> list[Sheet]:
    """Return the certificates of a roll in the order of their numbers (1 query)."""
    return [Sheet(c) for c in certificates().filter(attendance__activity=activity).order_by("number")]
