"""Every write of people and places, one verb each; the moment is always passed in."""

from stations.operations.accounts import (
    checked_number,
    checked_username,
    grant,
    open_account,
    open_first_account,
    revoke_grant,
)
from stations.operations.areas import CodeUnlikeBranch, add_area, change_area, checked_code
from stations.operations.logins import (
    AccountFacts,
    Slip,
    change_account,
    give_password,
    link_account,
    open_logins,
    reset_passwords,
    unlink_account,
)
from stations.operations.mandates import (
    add_mandate,
    change_mandate_days,
    change_suspension,
    end_mandate,
    remove_suspension,
    reopen_mandate,
    suspend_mandate,
)
from stations.operations.people import (
    PrivateFacts,
    change_representative,
    leave_group,
    move_to_group,
    register_representative,
)
from stations.operations.places import (
    add_station,
    add_to_roster,
    cancel_reception,
    change_reception,
    change_roster_entry,
    change_station,
    plan_reception,
)
from stations.operations.refusal import PersonRefused, mandate_days_change, mandate_facts_change
from stations.operations.register import (
    RegisterRefused,
    apply_register,
    forget_registers,
    prepare_register,
)
from stations.operations.removal import (
    remove_mandate,
    remove_representative,
    remove_roster_entry,
    remove_unused,
    why_kept,
)
from stations.operations.terms import HIGHEST as HIGHEST_TERM
from stations.operations.terms import add_group, add_term, change_group, change_term

__all__ = [
    "HIGHEST_TERM",
    "AccountFacts",
    "CodeUnlikeBranch",
    "PersonRefused",
    "PrivateFacts",
    "RegisterRefused",
    "Slip",
    "add_area",
    "add_group",
    "add_mandate",
    "add_station",
    "add_term",
    "add_to_roster",
    "apply_register",
    "cancel_reception",
    "change_account",
    "change_area",
    "change_group",
    "change_mandate_days",
    "change_reception",
    "change_representative",
    "change_roster_entry",
    "change_station",
    "change_suspension",
    "change_term",
    "checked_code",
    "checked_number",
    "checked_username",
    "end_mandate",
    "forget_registers",
    "give_password",
    "grant",
    "leave_group",
    "link_account",
    "mandate_days_change",
    "mandate_facts_change",
    "move_to_group",
    "open_account",
    "open_first_account",
    "open_logins",
    "plan_reception",
    "prepare_register",
    "register_representative",
    "remove_mandate",
    "remove_representative",
    "remove_roster_entry",
    "remove_suspension",
    "remove_unused",
    "reopen_mandate",
    "reset_passwords",
    "revoke_grant",
    "suspend_mandate",
    "unlink_account",
    "why_kept",
]
