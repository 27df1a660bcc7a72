"""One's own notes: what somebody took along, read and changed by them alone."""
