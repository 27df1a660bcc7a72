"""Locks and seals: what a database may hold without being able to read it."""
