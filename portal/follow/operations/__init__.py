"""Every write of following by e-mail."""

from portal.follow.operations.outbox import (
    claim_confirmations,
    claim_items,
    issue_link,
    plan_letters,
    send_again,
    settle_refused,
    settle_sent,
    settle_skipped,
)
from portal.follow.operations.subscribing import (
    FollowRefused,
    TooMany,
    ask_to_follow,
    confirm,
    erase,
    leave,
)
from portal.follow.operations.sweeping import sweep

__all__ = [
    "FollowRefused",
    "TooMany",
    "ask_to_follow",
    "claim_confirmations",
    "claim_items",
    "confirm",
    "erase",
    "issue_link",
    "leave",
    "plan_letters",
    "send_again",
    "settle_refused",
    "settle_sent",
    "settle_skipped",
    "sweep",
]
