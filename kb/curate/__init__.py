"""The only way that entries change: who may do which step when, and what waits for a person."""
