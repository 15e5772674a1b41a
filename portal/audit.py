"""One audit line for each write of ours, in the log that Wagtail keeps for its own content."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import ModelLogEntry, Page

from portal.models import User

# action: (name in the log, sentence); registered in wagtail_hooks.py
ACTIONS: dict[str, str] = {
    "portal.open_account": "开通账号",
    "portal.change_account": "修改账号",
    "portal.link_account": "关联登录账号",
    "portal.unlink_account": "解除登录账号的关联",
    "portal.reset_password": "重置密码",
    "portal.own_password": "设置自己的密码",
    "portal.remove_second_factor": "解除两步验证",
    "portal.grant": "授予区域身份",
    "portal.follow": "确认邮件订阅",
    "portal.leave": "退订邮件",
    "portal.erase_follower": "按本人要求删除订阅邮箱",
    "portal.send_again": "重新发送订阅邮件",
    "portal.cut_heading_font": "制作标题字体",
    "portal.put_away_first_day": "收起开通清单",
    "portal.bring_back_first_day": "放回开通清单",
    "stations.register": "登记代表",
    "stations.change": "修改人员或站点资料",
    "stations.import": "导入代表名册",
    "stations.remove": "删除登记有误的人员或站点",
    "stations.plan_reception": "安排接待日",
    "sharing.create_activity": "创建活动",
    "sharing.change_activity": "修改活动",
    "sharing.open_activity": "发布活动",
    "sharing.cancel_activity": "取消活动",
    "sharing.enrol": "编排参会名单",
    "sharing.take_off_list": "移出参会名单",
    "sharing.put_back": "放回参会名单",
    "sharing.create_series": "新建系列",
    "sharing.change_series": "修改系列",
    "sharing.copy_activity": "复制活动",
    "sharing.order_stops": "调整巡讲站次",
    "sharing.set_reminders": "设定提醒时间",
    "sharing.send_again": "重新发送通知",
    "sharing.renew_key": "更换签到密钥",
    "sharing.close_roll": "收册",
    "sharing.take_entries": "上传离线登记",
    "sharing.settle_conflict": "核定不一致的登记",
    "sharing.renew_card": "更换代表码",
    "sharing.file_leave": "提出请假",
    "sharing.approve_leave": "批准请假",
    "sharing.refuse_leave": "不批准请假",
    "sharing.withdraw_leave": "撤回请假",
    "sharing.declare": "填写履职申报",
    "sharing.submit_declaration": "提交履职申报",
    "sharing.withdraw_declaration": "撤回履职申报",
    "sharing.confirm_declaration": "通过履职申报",
    "sharing.return_declaration": "退回履职申报",
    "sharing.lock_period": "锁定已上报的时段",
    "sharing.unlock_period": "解除时段锁定",
    "sharing.export_roll": "导出名册",
    "sharing.import_roll": "导入名册",
    "sharing.create_meeting": "新建会议",
    "sharing.change_meeting": "修改会议",
    "sharing.export_meeting": "导出会议出席",
    "sharing.import_meeting": "导入会议出席",
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
    "scoring.store_standard": "上传积分标准",
    "scoring.adopt_standard": "启用积分标准",
    "scoring.discard_standard": "删除标准草稿",
    "scoring.record": "登记积分事项",
    "scoring.import": "导入积分事项",
    "scoring.verify_report": "核实专题报道",
    "scoring.reject_report": "不采用专题报道",
    "scoring.verify_honour": "核实荣誉",
    "scoring.reject_honour": "不采用荣誉",
    "scoring.hand_in": "报送报道或荣誉",
    "scoring.withdraw": "撤回报送",
    "scoring.assess": "填写评定",
    "scoring.step": "推进年度步骤",
    "scoring.object": "提出异议",
    "scoring.answer_objection": "答复异议",
    "scoring.supplement": "登记补充决定",
    "scoring.export": "导出积分",
    "scoring.reckon": "核算年度总分",
    "scoring.request_edition": "生成汇编",
}


def record(action: str, subject: Model, *, actor: User | None, **detail: Any) -> None:
    """Write one line: who did `action` to `subject`, with what. `detail` must be JSON and hold no private data."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    if isinstance(subject, Page):
        log(instance=subject, action=action, user=actor, data=detail or None)
        return
    line = _line(action, subject, actor, detail)
    fields, statement = _statement()
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [field.get_db_prep_save(getattr(line, field.attname), connection) for field in fields]
        )


def record_each(
    action: str, subjects: Iterable[Model], *, actor: User | None, details: Iterable[dict[str, Any]]
) -> None:
    """Write one line for each of several subjects with its details, in a bounded number of statements."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    pairs = zip(subjects, details, strict=True)
    ModelLogEntry.objects.bulk_create([_line(action, subject, actor, detail) for subject, detail in pairs])


def _line(action: str, subject: Model, actor: User | None, detail: dict[str, Any]) -> ModelLogEntry:
    # As log() does, but without asking the database before each line whether the user and the type exist.
    context = get_active_log_context()
    user = actor or context.user
    return ModelLogEntry(
        content_type_id=ContentType.objects.get_for_model(subject, for_concrete_model=False).pk,
        object_id=str(subject.pk),
        label=str(subject),
        action=action,
        user_id=user.pk if user else None,
        uuid=context.uuid,
        data=detail,
        timestamp=timezone.now(),
    )


@cache
def _statement() -> tuple[list[Field[Any, Any]], str]:
    """Return the columns of a line and what writes one: every write of ours ends with it, and it is always the same."""
    fields = [field for field in ModelLogEntry._meta.local_concrete_fields if not field.primary_key]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return fields, f"INSERT INTO {quoted(ModelLogEntry._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
