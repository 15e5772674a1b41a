"""A meeting of several days entered from one spreadsheet: its headings, its lines, what they would change, its figures."""
