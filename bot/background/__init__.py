"""What goes on beside answering: loops under one supervisor."""
