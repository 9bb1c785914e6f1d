"""Reading pages in processes that can be killed; bot/pipeline/extract.py is the way in."""
