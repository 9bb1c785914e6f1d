"""The quotes on record against the direct speech of an article."""
