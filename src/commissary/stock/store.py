"""Rows ↔ types of the vault."""

from commissary.base import sql

Q = sql.load(__package__)
