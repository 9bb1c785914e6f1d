"""Subscriptions (`tell me`): threads that wait for an entry get their answer when one is published."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from bot.answering.consider import Considered, consider
from bot.answering.decide import Occasion, speaks_in
from bot.answering.services import Services
from bot.answering.subject import Subject
from bot.answers import Intent, answer_key
from bot.background.supervisor import Loop, Pause
from bot.commands import wording
from bot.errors import PageError, PlatformError
from bot.faults import Spoiled, kind_of
from bot.model import Action, Place
from bot.ports import KeptTexts, Previews
from bot.replies.compose import compose
from bot.replies.deliver import deliver
from bot.storage.subscriptions import Subscription, Subscriptions
from bot.threads import in_thread
from kb.errors import KbError, ModelError, UrlError
from kb.store.entries import Store
from kb.urls.identity import identify

log = structlog.get_logger(__name__)

_SEEN = "follow-ups looked"  # the name it was first kept under
_NET_SECONDS = 30.0  # for a commit that nobody was woken by
_AFTER_ERROR_SECONDS = 60.0  # who waits has waited longer; by hand
_ROUND_SECONDS = 1800.0  # many pages may be waited for; by hand


class SubscriptionAnswers:
    """Looks at the waiting links again whenever readers get something new; each thread is answered once.

    How far it looked is kept, so that what was published while the bot was away is told of as well.
    """

    def __init__(
        self,
        services: Services,
        subscriptions: Subscriptions,
        texts: KeptTexts,
        store: Store,
        previews: Previews,
    ) -> None:
        self._services, self._subscriptions, self._texts = services, subscriptions, texts
        self._store, self._previews = store, previews
        self._spoiled = Spoiled()
        self._looked: dict[tuple[str, Place], int] = {}  # while others wait, these need no second look

    def loop(self, woken_by: asyncio.Event) -> Loop:
        """The loop that looks; a round fetches a page for each thread that waits, so it may be long."""
        return Loop(
            name="follow-ups",
            round=self.round,
            limit=_ROUND_SECONDS,
            after_error=_AFTER_ERROR_SECONDS,
            woken_by=woken_by,
        )

    async def round(self) -> Pause:
        """Look once; whoever could not be told is tried again after a minute. Raises StoreError."""
        if await self.run():
            return Pause(seconds=_AFTER_ERROR_SECONDS, woken=False)
        return Pause(seconds=_NET_SECONDS)

    async def run(self) -> int:
        """Look once; give how many could not be told now, and are to be tried again. Raises StoreError."""
        revision = await in_thread(self._store.revision)
        waiting = await self._subscriptions.all()
        seen = await self._texts.load(_SEEN)
        newest = max(
            (subscription.asked_at for subscription in waiting), default=datetime.min.replace(tzinfo=UTC)
        )
        state = f"{revision} {newest.isoformat()}"
        if state == seen:
            return 0
        await self._previews.caught_up(revision)
        left = 0
        for subscription in waiting:
            looked_at = self._looked.get((subscription.platform, subscription.place)) == revision
            if looked_at or not _is_new(subscription, revision, seen):
                continue
            if await self._settled_or_failed(subscription):
                self._looked[subscription.platform, subscription.place] = revision
            else:
                left += 1
        if not left:
            await self._texts.save(_SEEN, state)
            self._looked.clear()
        return left

    async def _settled_or_failed(self, subscription: Subscription) -> bool:
        """Answer one thread; what nobody foresaw about it keeps the others from nothing."""
        try:
            return await self._settled(subscription)
        except KbError:
            raise
        except Exception as error:  # noqa: BLE001  # the boundary of one thread, as each message has one
            key = (subscription.platform, subscription.place, subscription.url)
            trace = self._spoiled.note(key, error)
            log.error("subscription_failed", error=kind_of(error), traceback=trace)
            return key in self._spoiled

    async def _settled(self, subscription: Subscription) -> bool:
        """Answer one thread if there is an answer now; False to be asked again."""
        place, platform = subscription.place, self._services.platforms.get(subscription.platform)
        policy = self._services.channels.rules(subscription.platform, place.channel).policy
        if platform is None or not speaks_in(policy):
            return False
        try:
            link = identify(subscription.url)
            considered = await consider(Subject(link=link), self._services.research, Occasion(asked=True))
        except (PageError, UrlError) as error:  # the next entry is another occasion
            log.info("subscription_unread", error=str(error))
            return True
        except ModelError as error:
            log.error("model_failed", error=str(error))
            return False
        if considered.decision.action is not Action.REPLY:
            return True
        try:
            await self._tell(subscription, link.key, considered)
        except PlatformError as error:
            log.warning("subscription_failed_for_now", error=str(error))
            return False
        await self._subscriptions.forget(subscription.platform, place.channel, place.message_id)
        return True

    async def _tell(self, subscription: Subscription, link_key: str, considered: Considered) -> None:
        services, place, hit = self._services, subscription.place, considered.decision.hits[0]
        today = services.research.now().date()
        reply = compose(considered.decision, today=today, comparison=considered.comparison)
        key = answer_key(subscription.platform, place.channel, place.message_id, f"tell me {link_key}")
        intent = Intent(
            key=key,
            platform=subscription.platform,
            place=place,
            action=Action.REPLY,
            entry_id=hit.entry.id,
            cited=await services.cited(hit.entry),
            basis=hit.basis.value,
            differences=reply.differences,
        )
        news = reply.with_lead(wording.NEWS.format(lead=reply.lead))
        delivery = await deliver(services.ledger, services.platforms[subscription.platform], intent, news)
        log.info("subscription_answered", delivery=delivery.value, entry=hit.entry.id, channel=place.channel)


def _is_new(subscription: Subscription, revision: int, seen: str | None) -> bool:
    """Whether a thread has not been looked at for what readers get now."""
    if seen is None:
        return True
    looked, _, newest = seen.partition(" ")
    return looked != str(revision) or subscription.asked_at > datetime.fromisoformat(newest)
