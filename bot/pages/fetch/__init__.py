"""The guard, the way out and the manners of fetching; fetcher.py puts them together."""
