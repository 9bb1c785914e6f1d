"""What of an event reaches the disk."""

from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Deletion, Event, Message, Unfurl
from bot.storage.event_data import event_data, event_from

ids = st.text(min_size=1, max_size=40)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))
messages = st.builds(
    Message,
    platform=ids,
    channel=ids,
    id=ids,
    event=ids,
    sender=ids,
    text=ids,
    links=st.lists(ids, max_size=4).map(tuple),
    asked=st.booleans(),
    sent_at=moments,
    thread_id=st.none() | ids,
    reply_to=st.none() | ids,
    unfurl=st.none() | st.builds(Unfurl, url=ids, unfurl_id=ids, source=ids),
)
deletions = st.builds(Deletion, platform=ids, channel=ids, id=ids, event=ids)


@given(messages | deletions)
def test_an_event_comes_back_from_the_queue_without_text_and_sender(event: Event) -> None:
    back = event_from(json.loads(json.dumps(event_data(event))))
    if isinstance(event, Message):
        assert isinstance(back, Message)
        assert (back.text, back.sender) == ("", "")
        expected = {**vars(event), "text": "", "sender": ""}
    else:
        expected = vars(event)
    assert type(back) is type(event)
    assert vars(back) == expected
