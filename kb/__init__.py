"""The knowledge base of verified summaries: it knows nothing of chat."""
