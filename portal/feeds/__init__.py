"""Atom feeds: what is new in a section, of one representative, at one station; every floor brings its channels."""

from portal.feeds.notices import CHANNELS

__all__ = ["CHANNELS"]
