"""All channels of all floors, found by their modules `feeds`, and the one that holds everything."""

from functools import cache

from django.urls import reverse

from portal.conventions.discovery import lent
from portal.feeds.entries import Channel, Entry, newest_first

ORDER = ("daibiao", "fenxianghui", "kejian", "jindianzi", "tongzhi")


@cache
def channels() -> tuple[Channel, ...]:
    """Return the channels of all sections in the order of the main navigation; further ones come last."""
    found = [channel for offered in lent("feeds", "CHANNELS") for channel in offered]
    places = {name: place for place, name in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda channel: places.get(channel.name, len(ORDER))))


def everything(most: int) -> list[Entry]:
    """Return the newest entries of all channels together."""
    return newest_first((entry for channel in channels() for entry in channel.read(most)), most)


EVERYTHING = Channel(
    name="quanbu",
    title="全站更新",
    words="代表风采、分享会、课件、金点子和通知公告，有新的都在这里。",
    section="/",
    read=everything,
)


def channel_named(name: str) -> Channel | None:
    """Return a channel by its name in the address; None for an unknown one."""
    return next((channel for channel in (EVERYTHING, *channels()) if channel.name == name), None)


def path_of_channel(name: str) -> str:
    """Return the path of a channel's feed."""
    return reverse("feed", args=[name])
