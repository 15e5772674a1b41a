"""The demonstration's ground: the site, its identity, editors' groups, notices and standing pages."""

from portal.demo.seed import seed

__all__ = ["seed"]
