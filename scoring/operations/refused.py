"""Why a record that earns cannot be made or changed: the answers of the operations of this floor."""

from scoring.models import MediaReport


class EarnedRefused(ValueError):
    """The record cannot be made; the message says why and what to do. `first` is the record it repeats, if any."""

    def __init__(self, message: str, first: MediaReport | None = None) -> None:
        super().__init__(message)
        self.first = first


class FactsLocked(EarnedRefused):
    """A fact of a year that was handed up cannot be added, changed or removed."""
