"""The commands of the scoring floor, one a module."""
