"""Every write of people and places, one verb each; the moment is always passed in."""

from stations.operations.accounts import (
    add_area,
    grant,
    open_account,
    open_first_account,
    rename_area,
    revoke_grant,
)
from stations.operations.mandates import (
    add_mandate,
    change_suspension,
    remove_suspension,
    suspend_mandate,
)
from stations.operations.people import (
    PrivateFacts,
    add_group,
    add_term,
    change_group,
    change_representative,
    change_term,
    end_mandate,
    leave_group,
    move_to_group,
    register_representative,
    reopen_mandate,
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
from stations.operations.refusal import PersonRefused, mandate_reopens
from stations.operations.register import (
    RegisterRefused,
    apply_register,
    forget_registers,
    prepare_register,
)

__all__ = [
    "PersonRefused",
    "PrivateFacts",
    "RegisterRefused",
    "add_area",
    "add_group",
    "add_mandate",
    "add_station",
    "add_term",
    "add_to_roster",
    "apply_register",
    "cancel_reception",
    "change_group",
    "change_reception",
    "change_representative",
    "change_roster_entry",
    "change_station",
    "change_suspension",
    "change_term",
    "end_mandate",
    "forget_registers",
    "grant",
    "leave_group",
    "mandate_reopens",
    "move_to_group",
    "open_account",
    "open_first_account",
    "plan_reception",
    "prepare_register",
    "register_representative",
    "remove_suspension",
    "rename_area",
    "reopen_mandate",
    "revoke_grant",
    "suspend_mandate",
]
