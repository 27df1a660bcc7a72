"""Somebody's own deletion: what is found about them, and what of it goes."""
