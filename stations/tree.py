"""Where an area stands in the tree."""

from stations.models import Area


def paths_to(area: Area) -> list[str]:
    """Return the paths of the area and of all above it, from the top."""
    step = Area.steplen
    return [area.path[:end] for end in range(step, len(area.path) + 1, step)]
