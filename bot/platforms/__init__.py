"""Adapters of chat platforms."""
