"""What `make bench` prints: how fast and how large. Never asserted in a test."""
