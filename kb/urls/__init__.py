"""Which page a web address names. No network, and nothing of entries."""
