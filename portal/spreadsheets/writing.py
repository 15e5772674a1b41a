"""Writing spreadsheets whose words stay words, whatever they begin with (THREATS 6)."""

from typing import Any

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula when it is typed again


class Looks:
    """The formats of a plain sheet, and writing that never makes a formula."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "num_format": "@"})
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.points = book.add_format({"num_format": "0.00"})

    def write(self, sheet: Any, row: int, place: int, text: str, look: Any) -> None:
        """Write text as text; with the apostrophe of the spreadsheet it stays so when somebody edits the cell."""
        sheet.write_string(row, place, text, self.quoted if text.startswith(RUNS) else look)
