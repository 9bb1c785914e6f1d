"""What the bot says, and saying it once."""
