"""auth.*, oauth.*, apps.* and api.test: who calls, and how the app comes and goes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.slack_call import ApiError, Call, Method
from tests.servers.slack_events import Events
from tests.servers.slack_state import Json, Team


def api_test(call: Call) -> Json:
    """api.test: gives the arguments back."""
    given = {name: value for name, value in call.arguments.items() if name != "token"}
    if call.text("error"):
        raise ApiError(call.text("error"), args=given)
    return {"args": given} if given else {}


def auth_test(call: Call) -> Json:
    """auth.test: whose token it is."""
    team, _ = call.here
    return {
        "url": f"{call.world.url}/",
        "team": team.name,
        "team_id": team.id,
        "user": team.bot.name,
        "user_id": team.bot.id,
        "bot_id": team.bot.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """auth.revoke: the token that calls is the last time good for something."""
    team, grant = call.here
    if call.flag("test"):
        return {"revoked": False}
    grant.state = "revoked"
    call.events.tokens_revoked(team)
    return {"revoked": True}


def open_connection(call: Call) -> Json:
    """apps.connections.open: the address of one Socket Mode connection."""
    return {"url": call.sockets.new_url()}


def uninstall_app(call: Call) -> Json:
    """apps.uninstall."""
    team, _ = call.here
    _check_client(call, call.text("client_id"), call.text("client_secret"))
    uninstall(team, call.events)
    return {}


def uninstall(team: Team, events: Events) -> None:
    """Remove the app from a workspace: its tokens die, and it is told."""
    for grant in team.grants:
        grant.state = "inactive"
    for channel in team.channels.values():
        channel.members.discard(team.bot.id)
    events.uninstalled(team)


def oauth_access(call: Call) -> Json:
    """oauth.v2.access: a code for a bot token, once."""
    _check_client(call, call.text("client_id"), call.text("client_secret"))
    code = call.world.codes.get(call.text("code"))
    if code is None:
        raise ApiError("invalid_code")
    if code.used:
        raise ApiError("code_already_used")
    if code.redirect_uri is not None and code.redirect_uri != call.text("redirect_uri"):
        raise ApiError("bad_redirect_uri")
    code.used = True
    team = call.world.teams[code.team]
    grant = call.world.install(team, code.scopes)
    return {
        "app_id": call.world.app.id,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(grant.scopes)),
        "token_type": "bot",
        "access_token": grant.token,
        "bot_user_id": team.bot.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _check_client(call: Call, client_id: str, client_secret: str) -> None:
    if client_id != call.world.app.client_id:
        raise ApiError("invalid_client_id")
    if client_secret != call.world.app.client_secret:
        raise ApiError("bad_client_secret")


METHODS: Mapping[str, Method] = {
    "api.test": Method(run=api_test, token="none"),
    "auth.test": Method(run=auth_test),
    "auth.revoke": Method(run=auth_revoke),
    "apps.connections.open": Method(run=open_connection, token="app"),
    "apps.uninstall": Method(run=uninstall_app),
    "oauth.v2.access": Method(run=oauth_access, token="none"),
}
