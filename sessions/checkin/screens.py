"""The words of every outcome of a check-in: one screen a reason, with its colour, icon and HTTP status.

DESIGN_LANGUAGE §6.8 and §7: what it is, why it is nobody's fault, the one next step, a human. A refusal answers
4xx so that programs see it too; `already` is 200, because the reader has what they came for.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: `tone` is the class of the ground, `icon` a name of the house, `help` the line at the foot."""

    tone: str
    icon: str
    title: str
    line: str
    help: str = "有疑问请找现场工作人员。"
    status: int = 200


DESK = "请到签到台，由工作人员为您登记。"
SCREENS: dict[str, Screen] = {
    "ask": Screen(
        "ask", "scan", "请确认签到", "点下面的按钮，就签好了。", "本页不会自动签到，需要您点一下。"
    ),
    "type": Screen("ask", "key", "输入签到码", "大屏幕二维码下面有 6 位数字，每 30 秒更换一次。"),
    "created": Screen("ok", "check", "签到成功", "欢迎您。", "积分以审核结果为准。有疑问请找现场工作人员。"),
    "late": Screen(
        "late", "clock", "已签到（迟到）", "您的签到时间已记录。", "因公务等原因迟到的，可向签到台说明。"
    ),
    "already": Screen(
        "done",
        "check",
        "您已签到",
        "不用重复扫码，记录已经保存好了。",
        "如果不是您本人签到，请立即联系工作人员。",
    ),
    "ask_out": Screen(
        "ask", "check", "请确认签退", "点下面的按钮，就签退好了。", "本页不会自动签退，需要您点一下。"
    ),
    "type_out": Screen("ask", "key", "输入签到码签退", "大屏幕二维码下面有 6 位数字，签退用同一个码。"),
    "left": Screen("ok", "check", "签退成功", "感谢您参加。", "积分以审核结果为准。有疑问请找现场工作人员。"),
    "left_early": Screen(
        "late", "clock", "已签退（早退）", "您的签退时间已记录。", "因公务等原因提前离开的，可向签到台说明。"
    ),
    "already_out": Screen("done", "check", "您已签退", "不用重复扫码，记录已经保存好了。"),
    "out_not_open": Screen(
        "exp", "clock", "还没有到签退时间", "可以到时间再扫一次；现在就要离开的，点下面的按钮。", status=403
    ),
    "out_closed": Screen("exp", "clock", "自助签退已截止", "请到签到台，由工作人员为您登记。", status=403),
    "out_unseen": Screen(
        "exp", "edit", "请先到签到台核对", "名册上还没有您到场的记录，工作人员会当场核对。", status=409
    ),
    "leave": Screen(
        "leave", "form", "您的请假已批准", "这一期不用签到，祝您一切顺利。", "需要变更，请联系所在代表小组。"
    ),
    "exempt": Screen("leave", "form", "这一场您免予出席", "不用签到。如已到场，请到签到台登记。"),
    "recorded_absent": Screen(
        "exp", "edit", "请到签到台核对", "名册上的记录和这次签到不一样，工作人员会当场核对。", status=409
    ),
    "requested": Screen("no", "check", "补录申请已送到", "请先入座，工作人员核实后会为您登记。"),
    "not_eligible": Screen(
        "no",
        "person",
        "名单里暂时没有您",
        "不要着急，请先入座，工作人员会当场核实。",
        "也可以直接到会场入口的签到台。",
        status=403,
    ),
    "not_open": Screen("exp", "clock", "还没有开始签到", "到时间再扫一次就可以。", status=403),
    "window_closed": Screen("exp", "clock", "自助签到已截止", DESK, status=403),
    "expired": Screen(
        "exp",
        "hourglass",
        "二维码已过期",
        "大屏上的二维码每 30 秒更换一次，请再扫一次新的。",
        "仍不成功，请到签到台由工作人员代签。",
        status=410,
    ),
    "expired_digits": Screen(
        "exp",
        "hourglass",
        "签到码已过期",
        "大屏上的签到码每 30 秒更换一次，请输入现在的 6 位数字。",
        "仍不成功，请到签到台由工作人员代签。",
        status=410,
    ),
    "invalid": Screen(
        "exp",
        "scan",
        "没有认出这个码",
        "请再扫一次大屏上的二维码，或者输入 6 位签到码。",
        "仍不成功，请到签到台由工作人员代签。",
        status=400,
    ),
    "invalid_digits": Screen(
        "exp",
        "key",
        "没有对上签到码",
        "请看大屏上现在的 6 位数字，再输一次。",
        "仍不成功，请到签到台由工作人员代签。",
        status=400,
    ),
    "wrong_activity": Screen(
        "exp", "scan", "这是另一场活动的码", "请用这一场大屏上的二维码或签到码。", status=400
    ),
    "conflict": Screen(
        "exp", "edit", "请再点一次", "这次提交的内容和上一次不同，为稳妥起见没有保存。", status=409
    ),
    "rate_limited": Screen(
        "exp",
        "hourglass",
        "请过 10 分钟再输入",
        "签到码已经输入多次。现在可以扫大屏上的二维码，或到签到台登记。",
        status=429,
    ),
    "revoked": Screen("exp", "calendar", "这场活动已取消", "不用签到。新的安排会另行通知您。", status=410),
    "locked": Screen(
        "exp", "lock", "签到已经结束", "名册已经收好。记录需要更正的，请联系工作人员。", status=423
    ),
    "unauthenticated": Screen(
        "ask", "person", "请先登录，再签到", "登录后会回到这一页；5 分钟之内，按您扫码的时间计算。"
    ),
    "no_mandate": Screen(
        "no",
        "person",
        "这个账号没有代表身份",
        "请换成您的代表账号；没有账号的，请到签到台登记。",
        status=403,
    ),
    "unknown": Screen(
        "exp", "search", "没有找到这场活动", "地址可能少了一个字。请再扫一次大屏上的二维码。", status=404
    ),
}
TYPED = {"expired": "expired_digits", "invalid": "invalid_digits"}


def screen_for(reason: str, *, typed: bool) -> Screen:
    """Return the screen of a reason; what is said of a QR differs from what is said of typed digits."""
    return SCREENS[TYPED.get(reason, reason) if typed else reason]
