"""A list of representatives comes in: kept for a preview, then registered all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.audit import record
from portal.models import User
from stations.models import RegisterImport, Term
from stations.operations.mandates import add_mandate
from stations.operations.people import move_to_group, register_representative
from stations.operations.refusal import PersonRefused
from stations.register.plan import Plan, Row, plan_of
from stations.register.reading import Register, register_from

KEPT = timedelta(hours=24)  # a preview may be applied this long


class RegisterRefused(PersonRefused):
    """The list is not applied; the message says why and what to do."""


@transaction.atomic
def prepare_register(
    *, term: Term, file_name: str, sha256: str, register: Register, actor: User, moment: datetime
) -> RegisterImport:
    """Keep what a file says for a preview; nobody is registered."""
    return RegisterImport.objects.create(
        term=term, file_name=file_name, sha256=sha256, register=register.kept(), made_at=moment, made_by=actor
    )


@transaction.atomic
def forget_registers(*, moment: datetime) -> int:
    """Throw away the lists that nobody applied in time, and return how many: they hold numbers and days of birth."""
    count, _ = RegisterImport.objects.filter(applied_at=None, made_at__lt=moment - KEPT).delete()
    return count


@transaction.atomic
def apply_register(*, pending: RegisterImport, seen: str, actor: User, moment: datetime) -> Plan | None:
    """Register all that a preview showed, or nothing, and return what was done; None when that was done before.

    New people are registered, known ones without a mandate of the term get one; facts of known people stay as they
    are. No account is opened. `seen` is Plan.seen of the preview that was looked at. Raises RegisterRefused when the
    records are others by now, for lines in trouble and for an old preview.
    """
    # The term is the lock: of two lists that name one person the second finds them registered.
    term = Term.objects.select_for_update().get(pk=pending.term_id)
    pending = RegisterImport.objects.select_for_update().get(pk=pending.pk)
    if pending.applied_at:
        return None
    if moment - pending.made_at > KEPT:
        raise RegisterRefused("这份预览已经超过 24 小时，请重新上传文件。")
    plan = plan_of(term, register_from(pending.register).lines, actor)
    if plan.seen != seen:
        raise RegisterRefused("登记刚有变化，下面是按现在的登记重新核对的结果。请看过再导入。")
    if plan.troubles:
        raise RegisterRefused(f"还有 {len(plan.troubles)} 行要改，改好后请重新上传。")
    for row in plan.written:
        _register(row, term, actor)
    pending.applied_at, pending.register = moment, {}
    pending.save(update_fields=["applied_at", "register"])
    record(
        "stations.import", pending, actor=actor,
        sha256=pending.sha256, term=term.number, new=len(plan.new), seats=len(plan.seats),
        same=len(plan.same), differs=len(plan.differs),
    )  # fmt: skip
    return plan


def _register(row: Row, term: Term, actor: User) -> None:
    given = row.given
    assert given is not None
    facts = given.facts | {"starts_on": given.starts_on}
    if row.person is None:
        register_representative(
            name=given.name, sex=given.sex, term=term, area=given.area, actor=actor, **facts
        )
        return
    group = facts.get("group")
    of_seat = {name: facts[name] for name in ("starts_on", "electing_unit", "tags") if name in facts}
    mandate = add_mandate(representative=row.person, term=term, area=given.area, actor=actor, **of_seat)
    if group:
        move_to_group(mandate=mandate, group=group, day=mandate.starts_on, actor=actor)
