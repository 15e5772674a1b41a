"""代表名册: a list of the representatives of a term, read in and compared with who is known; no writes here."""
