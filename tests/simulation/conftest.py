"""Databases of both kinds, for what a simulation leaves behind in them."""

from tests.support.databases import database_kind, new_database

__all__ = ["database_kind", "new_database"]
