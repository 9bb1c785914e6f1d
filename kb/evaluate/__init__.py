"""Measures quality on labelled sets, and learns what matching weighs by. Not for the running bot."""
