"""Finding a year that was confirmed, for the book, the seal and the results: or a sentence why there is none."""

from scoring.models import Year

State = Year.State
CONFIRMED = (State.CONFIRMED, State.NOTIFIED)


class YearNotConfirmed(ValueError):
    """There is no confirmed year of this label; the message says why and what to do first."""


def confirmed_year(label: int | None = None) -> Year:
    """Return the confirmed year with this label, the latest one without; raises YearNotConfirmed."""
    years = Year.objects.select_related("standard", "term")
    if label is None:
        latest = years.filter(state__in=CONFIRMED).order_by("-label").first()
        if latest is None:
            raise YearNotConfirmed("还没有一个年度经过主任会议确认，确认以后才能继续。")
        return latest
    year = years.filter(label=label).first()
    if year is None:
        known = "、".join(str(each) for each in years.order_by("-label").values_list("label", flat=True)[:5])
        have = f"已建立的年度：{known}。" if known else "还没有建立年度。"
        raise YearNotConfirmed(f"没有 {label} 年度。{have}")
    if year.state not in CONFIRMED:
        raise YearNotConfirmed(
            f"{year}现在是“{year.get_state_display()}”，还没有经过主任会议确认，确认以后才能继续。"
        )
    return year
