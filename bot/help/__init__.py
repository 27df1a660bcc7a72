"""Help, and the language: what belongs to no other room."""
