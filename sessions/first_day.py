"""What this floor brings to 开通清单: the first activity."""

from portal.first_day.lines import Line, at
from sessions.models import Activity

LINES = (
    Line(
        "activity",
        120,
        "第一场活动",
        "新建一场分享会；会议、视察这些，在“活动”里新建。",
        lambda _: Activity.objects.all(),
        at("new_session:new"),
        "新建",
    ),
)
