"""The chat bot: it answers a posted link from the knowledge base in `kb`."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("caveat")
except PackageNotFoundError:  # run from a folder of sources, not installed
    __version__ = "0"
