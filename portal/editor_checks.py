"""The remarks of content_checks.py and Wagtail's own checker, where an editor sees them: after saving, beside the text."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.admin.userbar import ContentCheckerItem

from portal.content_checks import remarks_on


class ChineseChecker(ContentCheckerItem):
    """Wagtail's checker of what a page has become (axe), with a few rules more and every word in Chinese."""

    axe_include = ["main"]  # header and footer are no editor's work
    axe_run_only = [
        # Bold paragraphs are found in what was typed (content_checks.py); on the page our own lines look like them.
        *(rule for rule in ContentCheckerItem.axe_run_only if rule != "p-as-heading"),
        "image-alt",
        "image-redundant-alt",
        "page-has-heading-one",
        "list",
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        "image-alt": {
            "error_name": "图片没有替代文字",
            "help_text": "请写画面里有什么；只作装饰的图片放在封面里",
        },
        "image-redundant-alt": {
            "error_name": "替代文字和旁边的字重复",
            "help_text": "读屏软件会念两遍，请写画面里别的内容",
        },
        "page-has-heading-one": {"error_name": "页面没有标题", "help_text": "请填写标题"},
        "list": {"error_name": "列表的写法不对", "help_text": "请用编辑框里的列表按钮"},
    }


def check_in_chinese(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Put our checker where Wagtail's stands (hook construct_wagtail_userbar: bar, preview and side panel alike)."""
    for place, item in enumerate(items):
        if isinstance(item, ContentCheckerItem) and not isinstance(item, ChineseChecker):
            items[place] = ChineseChecker(in_editor=item.in_editor)


def remark(request: HttpRequest, page: Any) -> None:
    """Say what to look at again, once the editor has saved, sent on or published; autosave says nothing."""
    found = remarks_on(page) if request.accepts("text/html") else []
    if found:
        said = format_html_join("", "<li>{}</li>", ((words,) for words in found))
        messages.warning(request, format_html("已经保存。还有几处可以再看看，不影响发布：<ul>{}</ul>", said))
