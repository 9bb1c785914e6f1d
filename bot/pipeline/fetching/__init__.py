"""The guard, the way out and the manners of fetching; bot/pipeline/fetch.py puts them together."""
