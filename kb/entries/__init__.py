"""What an entry is: its fields, its rules, its life as values. No database, no file format."""
