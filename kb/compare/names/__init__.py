"""Who is named in an article, how, and as the source of what."""
