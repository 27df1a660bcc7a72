"""Appointments for a study: offered in a channel, chosen in the personal chat."""
