"""The command line: one module a command. It reads settings, calls, prints."""
