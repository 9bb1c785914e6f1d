"""The only place that builds things, each once, and runs them. Nothing imports it but the command line."""
