"""The guard, the way out and the manners of fetching; bot/pages/fetch/fetcher.py puts them together."""
