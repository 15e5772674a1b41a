"""Checking in: rotating codes and the rules of time; no writes here."""
