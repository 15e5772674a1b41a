"""Calendars: what a session, a station and a person's own list look like as iCalendar (RFC 5545, rule 24)."""
