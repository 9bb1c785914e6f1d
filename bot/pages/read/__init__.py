"""Reading outside text in processes that can be killed; text_reader.py is the way in."""
