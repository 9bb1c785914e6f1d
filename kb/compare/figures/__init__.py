"""The figures on record against the numbers of an article."""
