"""The assessment of a period: its table of steps and the seal over what was confirmed; no writes here."""
