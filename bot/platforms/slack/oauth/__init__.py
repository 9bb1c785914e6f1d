"""Workspaces that install the app: what it asks for, and their sealed tokens."""
