"""Entries as files and texts, in and out. No database."""
