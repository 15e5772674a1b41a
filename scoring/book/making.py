"""Making the book of a year: collect it, look it through, print it; one door for the command and the task."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from scoring.book.collect import collect
from scoring.book.lint import Finding, check
from scoring.book.nodes import Story
from scoring.book.writers.manuscript import Paper
from scoring.book.writers.pdf import PdfReport, write_pdf
from scoring.models import Year


@dataclass(frozen=True, slots=True)
class Made:
    """A printed book: where it lies, what the press reports, how many stories it holds, what is to be settled."""

    path: Path
    report: PdfReport
    stories: int
    findings: tuple[Finding, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the editor should read, the gravest first; each sentence once."""
        grave_first = sorted(self.findings, key=lambda finding: finding.level != "error")
        return tuple(dict.fromkeys([*(finding.message for finding in grave_first), *self.report.warnings]))


def edition_path(file_name: str) -> Path:
    """Return where an edition lies: in the private folder, which no address of the site reaches by itself."""
    return Path(settings.PRIVATE_ROOT) / "book" / Path(file_name).name


def make_book(year: Year, out: Path, *, paper: Paper = "a4") -> Made:
    """Print the book of a confirmed year to `out`.

    Raises BookRefused when there is no book to make yet, BookError when it could not be printed; `out` is then as it
    was. The pictures' copies live in a folder that is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="book-pictures-") as name:
        book = collect(year, Path(name))
        out.parent.mkdir(parents=True, exist_ok=True)
        findings = check(book)
        report = write_pdf(book, out, paper=paper)
    stories = sum(isinstance(chapter, Story) for part in book.parts for chapter in part.chapters)
    return Made(out, report, stories, findings)
