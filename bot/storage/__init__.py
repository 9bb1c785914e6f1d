"""What the bot remembers, in its database and its work queue: ids, addresses and answers, never messages."""
