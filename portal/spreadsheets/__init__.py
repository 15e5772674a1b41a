"""Lists that people hand in as spreadsheets, read without trusting them, and how cells are written that stay text."""
