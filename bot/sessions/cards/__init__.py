"""The cards of a session: in the group, on the panel, and in one's own chat."""
