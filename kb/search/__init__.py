"""Finds entries that may be meant: by page, words and meaning. It does not decide."""
