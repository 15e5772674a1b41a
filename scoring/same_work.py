"""Which of a person's courseware is the same work published again: told by the fingerprints of the files. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Work:
    """One published courseware of one person; `prints` are its files, "" for one that was never looked into."""

    pk: int
    title: str
    day: date
    selected: bool
    prints: set[str] = field(default_factory=set)
    first: int = 0  # the courseware that this one repeats; itself, when it is new
    repeated: bool = False  # another one repeats it


def tell_repeats(works: Iterable[Work]) -> None:
    """Set `.first` and `.repeated` of works in the order of their days, and `.selected` where any of the same is.

    A work repeats an earlier one when every file of it was in earlier ones already; a new file makes a new work.
    """
    known: dict[int, Work] = {}
    had: dict[str, int] = {}  # fingerprint: the first work that had it
    for work in works:
        known[work.pk] = work
        again = bool(work.prints) and work.prints <= had.keys()
        work.first = min(had[each] for each in work.prints) if again else work.pk
        for each in work.prints - {""}:
            had.setdefault(each, work.first)
        if again:
            work.repeated = known[work.first].repeated = True
            known[work.first].selected |= work.selected
    for work in known.values():
        work.selected = known[work.first].selected
