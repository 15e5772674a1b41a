"""The demonstration's scoring: the example standard, what earns beside attendance, last year closed, this year open."""

from scoring.demo.seed import seed

__all__ = ["seed"]
