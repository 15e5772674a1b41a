"""Telling people of activities: when, by which channel, in which words, and who is left in peace."""
