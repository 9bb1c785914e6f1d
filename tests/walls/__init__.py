"""Pages that are no article, and articles that look like such pages: made up, built as real sites do."""
