"""What each command does: one module a kind, and a function a command."""
