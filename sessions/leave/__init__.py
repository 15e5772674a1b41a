"""请假: who decides, and the reads of requests; the writes are sessions/operations/leave.py."""
