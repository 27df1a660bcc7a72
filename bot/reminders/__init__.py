"""Reminders: of what, to whom, at which of their hours."""
