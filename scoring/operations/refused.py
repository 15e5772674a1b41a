"""Why a record that earns cannot be made or changed: the answers of the operations of this floor."""

from portal.models import User
from scoring.models import Honour, MediaReport


class EarnedRefused(ValueError):
    """The record cannot be made; the message says why and what to do. `first` is the record it repeats, if any."""

    def __init__(self, message: str, first: MediaReport | None = None) -> None:
        super().__init__(message)
        self.first = first


class FactsLocked(EarnedRefused):
    """A fact of a year that was handed up cannot be added, changed or removed."""


def refuse_judging(row: MediaReport | Honour, actor: User) -> None:
    """Raise EarnedRefused for what was withdrawn, and when who handed it in would judge it (THREATS 14)."""
    refuse_withdrawn(row)
    if row.handed_in_by_id == actor.pk:
        raise EarnedRefused("这是您本人报送的，请由另一位同事核实。")


def refuse_withdrawn(row: MediaReport | Honour) -> None:
    """Raise EarnedRefused for what its representative took back: it stays as it was."""
    if row.state == row.State.WITHDRAWN:
        raise EarnedRefused("报送人已经撤回，不能再改；确有其事的，请另外登记。")
