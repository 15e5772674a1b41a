"""The demonstration's activities: thirteen sharing sessions, courseware, tours, and two years of other rolls."""

from sessions.demo.seed import keep_one_open, seed

__all__ = ["keep_one_open", "seed"]
