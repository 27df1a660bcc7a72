"""The cards of a study. One function for each card."""
