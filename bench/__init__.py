"""Measurements: both sides of every aim in one run, on this machine, over the loopback only."""
