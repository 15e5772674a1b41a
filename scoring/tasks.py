"""What runs outside of a request: the making of an edition, and the totals of everybody each night."""

import logging
from contextlib import suppress
from datetime import time

from django.utils import timezone
from django_tasks import task

from portal.rounds import nightly
from scoring.book.collect import BookRefused
from scoring.book.making import edition_path, make_book
from scoring.book.writers.pdf import BookError
from scoring.models import Edition, Year
from scoring.operations import YearRefused, finish_edition, reckon_year, start_edition, stop_edition
from scoring.year.confirmed import YearNotConfirmed

UNFORESEEN = "这一次没有生成，原因已记在服务日志里。可以再试一次；仍然不行，请联系技术人员。"
LATER = -40  # after whatever a person waits for
NIGHT = time(3, 0)  # local time
log = logging.getLogger(__name__)


@task()
def make_edition(edition_pk: int) -> None:
    """Make the book of one edition, once: a second worker with the same edition finds it taken and leaves."""
    edition = Edition.objects.select_related("year").get(pk=edition_pk)
    if not start_edition(edition=edition):
        return
    file_name = f"{edition.year.label}-{edition.pk}.pdf"
    try:
        made = make_book(edition.year, edition_path(file_name))
    except (BookRefused, YearNotConfirmed, BookError) as refused:
        stop_edition(edition=edition, message=str(refused), moment=timezone.now())
    except Exception:
        log.exception("edition %s was not made", edition.pk)
        stop_edition(edition=edition, message=UNFORESEEN, moment=timezone.now())
    else:
        finish_edition(
            edition=edition,
            file_name=file_name,
            pages=made.report.pages,
            moment=timezone.now(),
            message="".join(made.remarks),
        )


@nightly(NIGHT, priority=LATER)
def reckon_running() -> None:
    """Remember the totals of everybody in the running years: where one stands among the others is shown from them."""
    for year in Year.objects.running():
        with suppress(YearRefused):  # confirmed this very moment
            reckon_year(year=year, actor=None, moment=timezone.now())
