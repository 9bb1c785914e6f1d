"""Keeps entries, their revisions and what was derived from them in a database. No rule of curating."""
