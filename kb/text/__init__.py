"""One reading of text: words, names, numbers, dates, passages and fingerprints. It knows no entry."""
