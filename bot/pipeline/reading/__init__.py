"""Reading pages in processes that can be killed; bot/pages/read/text_reader.py is the way in."""
