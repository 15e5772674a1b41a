"""Registration only: our actions in Wagtail's log, and which documents have an address."""

from typing import Any

from wagtail import hooks

from portal.audit import ACTIONS
from portal.documents import keep_unpublished


@hooks.register("register_log_actions")
def register_our_actions(actions: Any) -> None:
    """Give every action of audit.py its Chinese words."""
    for action, words in ACTIONS.items():
        actions.register_action(action, words, words)


hooks.register("before_serve_document", keep_unpublished, order=-1)
