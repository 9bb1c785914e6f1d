"""Which channels somebody answers for, so that what people say there may silence an entry everywhere.

Anybody may invite the bot and talk to it; a room of strangers decides nothing for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Policy
from bot.ports import AtHome, Platform
from bot.storage.channels import ChannelBook


@dataclass(frozen=True, kw_only=True)
class Vouching:
    """A channel is vouched for by an admin who set a policy for just it, in the settings (`named`, where
    curators' channels are too) or from chat; else by being of the bot's own server or workspace. One that is
    set to `off` is not."""

    channels: ChannelBook
    platforms: Mapping[str, Platform]
    named: Mapping[str, Policy | None]

    def vouched(self, platform: str, channel: str) -> bool:
        """Whether votes in a channel count; False where that is not known."""
        chosen = self.channels.chosen_policy(platform, channel) or self.named.get(channel)
        if chosen is not None or channel in self.named:
            return chosen is not Policy.OFF
        home = self.platforms.get(platform)
        return isinstance(home, AtHome) and home.is_own(channel)
