"""The names a file has used so far, so that a code used twice or a word that points nowhere is found."""

from dataclasses import dataclass, field

from scoring.standard_file.place import Place


@dataclass(slots=True)
class Names:
    """Codes and words met while a file is read. `bands` is None where the bands themselves could not be read."""

    bands: tuple[str, ...] | None = None
    categories: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    exclusives: dict[str, str] = field(default_factory=dict)
    counted: list[tuple[Place, str]] = field(default_factory=list)

    def enter_category(self, place: Place | None, code: str | None) -> None:
        """Note a category's code; a second one is a problem."""
        _enter(self.categories, place, code)

    def enter_item(self, place: Place | None, code: str | None) -> None:
        """Note an item's code; a second one anywhere in the file is a problem."""
        _enter(self.items, place, code)

    def enter_exclusive(self, place: Place, word: str, category: str) -> None:
        """Note an `exclusive` word by the path of its category; another category may not use it."""
        if self.exclusives.setdefault(word, category) != category:
            place.refuse(f"「{word}」已用在另一个类别，同一个词只能在一个类别里用。")

    def check_band(self, place: Place, name: str) -> None:
        """Report a band that the file does not have."""
        if self.bands is not None and name not in self.bands:
            place.refuse(f"没有名为「{name}」的等次，这份标准有：{'、'.join(self.bands)}。")

    def check_counted(self) -> None:
        """Report every `of` that names no item of the file; call it when all items have been read."""
        for place, code in self.counted:
            if code not in self.items:
                place.refuse(f"文件里没有代码为「{code}」的小项。")


def _enter(codes: set[str], place: Place | None, code: str | None) -> None:
    if place is None or code is None:
        return
    if code in codes:
        place.refuse(f"代码「{code}」用了两次。")
    codes.add(code)
