"""Everything that `bot` raises on purpose.

BotError
├── SettingsError      a setting is missing or wrong: exit status 2, no retry
├── LoginError         a platform refused the credentials: exit status 2, no retry
├── FetchError         a page could not be fetched; `reason` is told to people who asked
│   ├── BusyError      the bot has called that site too often of late, and asks nothing of it for now
│   └── DeadPageError  the page is gone, or its site is
│       └── UnknownSiteError  the site's name leads nowhere
├── UnreadableError    a page was fetched and could not be read; `reason` likewise
│   └── OutOfTimeError its link's deadline passed
├── FaultError         our own code failed on an event, which is parked; the text names the place
├── PlatformError      a platform refused or failed a call; worth another try later
├── CannotGoOnError    this process is of no use any more: exit status 1, start it again
├── GoneError          a posted answer cannot be edited any more, and another try would not help
└── InconclusiveError  it cannot be told whether a message was posted: never post it again
"""

from __future__ import annotations


class BotError(Exception):
    """Base of every error that `bot` raises; its text is one line that a person can act on."""


class SettingsError(BotError):
    """A setting is missing or wrong; the text names it and what it should be."""


class LoginError(BotError):
    """A platform refused the credentials; trying again will not help."""


class PageError(BotError):
    """A page cannot be used; `reason` finishes the sentence "Could not read that page: …"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class FetchError(PageError):
    """A page could not be fetched, or may not be; `status` is what the site answered, where it did."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(reason)


class BusyError(FetchError):
    """The bot has called that site too often of late: nothing is known of the page, a later try may do."""


class DeadPageError(FetchError):
    """The page is gone, or its site is: an archive's copy may stand in for it."""


class UnknownSiteError(DeadPageError):
    """The site's name leads nowhere."""


class UnreadableError(PageError):
    """A page was fetched, but no text could be read from it."""


class OutOfTimeError(UnreadableError):
    """The deadline of a link, or of a question, passed before all was looked at."""


class FaultError(BotError):
    """Our own code failed on a part of an event; what could be said was said."""


class PlatformError(BotError):
    """A platform refused or failed a call; the work may be tried again later."""


class CannotGoOnError(BotError):
    """The process is of no use any more; whoever started it should start it again."""


class GoneError(BotError):
    """A posted answer is out of reach: it, its channel, or the right to edit it is gone."""


class InconclusiveError(BotError):
    """It cannot be told whether a message was posted; a person must look, nothing is posted again."""
