"""What the public pages of places and people show: one read a page, no writes, the moment passed in."""

from stations.views.directory import directory_context
from stations.views.places import station_context, station_index_context
from stations.views.stories import profile_context, profile_index_context

__all__ = [
    "directory_context",
    "profile_context",
    "profile_index_context",
    "station_context",
    "station_index_context",
]
