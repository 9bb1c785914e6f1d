"""Replies, modals and the App Home as Slack's blocks. Pure."""
