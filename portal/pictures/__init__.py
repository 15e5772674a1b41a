"""Pictures on public pages: the sizes of each use, what has been made of them, and the making, never in a reader's request."""
