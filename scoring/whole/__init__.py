"""The year of everybody at once: totals, bands and points of items without a sheet for each person."""
