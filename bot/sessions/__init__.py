"""Sessions: a group led through the phases of a method."""
