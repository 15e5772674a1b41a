"""The one table of the year's steps: from where to where, and who may (PRODUCT.md, The year)."""

from dataclasses import dataclass

from scoring.models import AreaReview, Year
from stations.models import AreaGrant

Role = AreaGrant.Role
State, Review = Year.State, AreaReview.State


@dataclass(frozen=True, slots=True)
class Step:
    """One transition: allowed from these states to that one, by holders of these roles."""

    label: str
    before: tuple[str, ...]
    after: str
    roles: tuple[str, ...]
    sure: bool = False  # the console shows what it means and asks for a tick first


# Of the whole year; the office decides.
YEAR_STEPS = {
    "open": Step("开启年度", (State.DRAFT,), State.OPEN, (Role.OFFICE,)),
    "review": Step("开始区域审核", (State.OPEN,), State.REVIEWING, (Role.OFFICE,), sure=True),
    "publicise": Step("公示", (State.REVIEWING,), State.PUBLICISED, (Role.OFFICE,), sure=True),
    "withdraw": Step("撤回公示", (State.PUBLICISED,), State.REVIEWING, (Role.OFFICE,)),
    "confirm": Step("登记主任会议确认", (State.PUBLICISED,), State.CONFIRMED, (Role.OFFICE,)),
    "notify": Step("向全体代表通报", (State.CONFIRMED,), State.NOTIFIED, (Role.OFFICE,)),
}
# Of one area, while the year is being reviewed.
AREA_STEPS = {
    "submit": Step("报送复核", (Review.PENDING, Review.RETURNED), Review.SUBMITTED, (Role.REVIEWER,)),
    "return": Step("退回", (Review.SUBMITTED,), Review.RETURNED, (Role.OFFICE,)),
    "recheck": Step("复核通过", (Review.SUBMITTED,), Review.RECHECKED, (Role.OFFICE,)),
    # Not "return": who sends back what a colleague has just passed must mean it.
    "reopen": Step("撤回复核", (Review.RECHECKED,), Review.RETURNED, (Role.OFFICE,)),
}
# The step that leads on from each state; "withdraw" leads back.
AHEAD = {state: name for name, step in YEAR_STEPS.items() if name != "withdraw" for state in step.before}
PUBLICITY_DAYS = 5  # working days for objections
