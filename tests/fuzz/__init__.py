"""Hostile input without end: every reader gives a value or one of our own errors, whatever it is fed."""
