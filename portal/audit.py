"""One audit line for each write of ours, in the log that Wagtail keeps for its own content."""

from typing import Any

from django.db.models import Model
from wagtail.log_actions import log

from portal.models import User

# action: (name in the log, sentence); registered in wagtail_hooks.py
ACTIONS: dict[str, str] = {
    "portal.open_account": "开通账号",
    "portal.grant": "授予区域身份",
    "stations.register": "登记代表",
    "stations.change": "修改人员或站点资料",
    "stations.plan_reception": "安排接待日",
    "sharing.create_activity": "创建活动",
    "sharing.change_activity": "修改活动",
    "sharing.open_activity": "发布活动",
    "sharing.cancel_activity": "取消活动",
    "sharing.enrol": "编排参会名单",
    "sharing.renew_key": "更换签到密钥",
    "sharing.close_roll": "收册",
    "sharing.export_roll": "导出名册",
    "sharing.import_roll": "导入名册",
    "sharing.keep_sheet": "上传签到册原件",
    "sharing.void_sheet": "作废签到册原件",
    "sharing.issue_certificates": "出具参加证明",
    "sharing.shelve_courseware": "调整课件文件的存放",
    "sharing.select_courseware": "评选优秀课件",
    "sharing.open_calendar": "开通个人日历",
    "sharing.close_calendar": "停用个人日历",
    "sharing.ask_question": "提问",
    "sharing.judge_question": "审核提问",
    "sharing.answer_question": "回答提问",
    "sharing.bring_question_forward": "提前提问",
    "sharing.submit_idea": "提交金点子",
    "sharing.judge_idea": "审核金点子",
    "sharing.handle_idea": "登记金点子办理",
    "sharing.merge_ideas": "合并金点子",
    "sharing.split_idea": "分开金点子",
    "scoring.adopt_standard": "登记积分标准",
    "scoring.record": "登记积分事项",
    "scoring.verify_report": "核实专题报道",
    "scoring.reject_report": "不采用专题报道",
    "scoring.step": "推进年度步骤",
    "scoring.request_edition": "生成汇编",
}


def record(action: str, subject: Model, *, actor: User | None, **detail: Any) -> None:
    """Write one line: who did `action` to `subject`, with what. `detail` must be JSON and hold no private data."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    log(instance=subject, action=action, user=actor, data=detail or None)
