"""Proposals as a spreadsheet: written out, read in, compared with what is stored; no writes here."""
