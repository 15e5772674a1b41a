"""The sections this floor lends: people with their directory, places."""

from portal.sections import Section
from stations.models import DirectoryPage, ProfileIndexPage, StationIndexPage

DIRECTORY = Section(DirectoryPage, "代表名录", "minglu")
PEOPLE = Section(ProfileIndexPage, "代表风采", "daibiao", "代表们怎样把听来的事办成办好。", (DIRECTORY,))
PLACES = Section(StationIndexPage, "联络站点", "lianluozhan")
SECTIONS = (PEOPLE, PLACES)
