"""The shell: a room for each feature, and what they all stand on."""
