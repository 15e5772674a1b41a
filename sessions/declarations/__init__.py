"""Reads of declarations: what one may declare, the queue of those who review, likely duplicates."""
