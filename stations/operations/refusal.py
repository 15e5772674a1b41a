"""Why a write of people and places was not done."""


class PersonRefused(ValueError):
    """What was asked for a person or place cannot be done; the message says why and what to do instead."""
