"""Questions to sessions and bright ideas (金点子): what the pages read. Writes are in sessions/operations."""
