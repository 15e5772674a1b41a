"""Why a write of people and places was not done, and how the floors above are asked."""

from django.dispatch import Signal

# Sent with `mandate` and `first` before the days from `first` are in a mandate again; a receiver may refuse.
mandate_reopens = Signal()


class PersonRefused(ValueError):
    """What was asked for a person or place cannot be done; the message says why and what to do instead."""
