"""Why a write of people and places was not done, and how the floors above are asked."""

from django.dispatch import Signal

# Sent with `mandate`, `first`, `last` and `joins` before the days from `first` to `last`, both inclusive, come into a
# mandate (`joins`) or leave it; a receiver may refuse.
mandate_days_change = Signal()

# Sent with `mandate`, `first` and `last` with a new mandate, and before one is suspended or tagged otherwise on these
# days; a receiver may refuse.
mandate_facts_change = Signal()


class PersonRefused(ValueError):
    """What was asked for a person or place cannot be done; the message says why and what to do instead."""
