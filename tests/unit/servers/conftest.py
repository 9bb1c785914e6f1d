"""A test Slack with one workspace, somebody in it, and the app's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Channel, Person, SlackServer, Workspace


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack with nobody in it."""
    async with SlackServer() as server:
        yield server


@pytest.fixture
def workspace(slack: SlackServer) -> Workspace:
    """A workspace with the app in it."""
    return slack.workspace("newsroom")


@pytest.fixture
def ann(workspace: Workspace) -> Person:
    """Somebody in the workspace."""
    return workspace.person("ann")


@pytest.fixture
def general(workspace: Workspace, ann: Person) -> Channel:
    """A channel with somebody and the app in it."""
    return workspace.channel("general", ann)


@pytest.fixture
def client(slack: SlackServer, workspace: Workspace) -> AsyncWebClient:
    """The app's own client."""
    return AsyncWebClient(token=workspace.token, base_url=slack.api_url)
