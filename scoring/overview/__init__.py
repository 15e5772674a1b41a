"""The overview of a year for staff: how totals, bands and items are spread over the people of their areas."""
