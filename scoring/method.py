"""The standard in force, and its rules said in plain Chinese."""

from datetime import date

from scoring.models import Standard, Year


def standard_in_force(day: date) -> Standard | None:
    """Return the standard that `day` is graded by: its year's, else the newest version in effect; None without one.

    A year keeps the version it was opened under (PRODUCT.md, Rules of scoring), so an open year decides first.
    """
    year = (
        Year.objects.exclude(state=Year.State.DRAFT)
        .filter(starts_on__lte=day, ends_on__gte=day)
        .select_related("standard")
        .first()
    )
    if year:
        return year.standard
    in_effect = Standard.objects.filter(effective_from__lte=day).exclude(effective_to__lt=day)
    return in_effect.order_by("-effective_from", "-version", "-pk").first()
