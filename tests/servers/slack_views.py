"""views.*: modals and the App Home."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.slack_blocks import check_view
from tests.servers.slack_call import ApiError, Call, Method
from tests.servers.slack_state import Json, View
from tests.servers.slack_wire import view_json
from tests.servers.slack_world import TRIGGER_SECONDS


def open_view(call: Call) -> Json:
    """views.open: a trigger is good for one modal, within three seconds."""
    team, _ = call.here
    content = check_view(_view(call), ("modal",))
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if trigger is None or trigger.team != team.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if call.world.clock.now() - trigger.at > TRIGGER_SECONDS:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    view = call.world.new_view(trigger.user, content)
    team.views[view.id] = view
    return {"view": view_json(team, view)}


def update_view(call: Call) -> Json:
    """views.update: an open modal, by its id or external id; with a `hash`, only while it is as it was."""
    team, _ = call.here
    external = call.text("external_id")
    named = (each for each in team.views.values() if external and each.content.get("external_id") == external)
    view = team.views.get(call.text("view_id")) or next(named, None)
    content = check_view(_view(call), ("modal", "home"))
    if view is None or not view.opened:
        raise ApiError("not_found")
    _replace(call, view, content)
    return {"view": view_json(team, view)}


def publish_view(call: Call) -> Json:
    """views.publish: the App Home of one user."""
    team, _ = call.here
    content = check_view(_view(call), ("home",))
    user = call.text("user_id")
    if user not in team.users:
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] unknown user_id"]})
    known = team.homes.get(user)
    if known is None:
        known = team.homes[user] = call.world.new_view(user, content)
    else:
        _replace(call, known, content)
    return {"view": view_json(team, known)}


def put(view: View, content: Json, new_hash: str) -> None:
    """Show something else; an input whose block and action ids stay keeps what was typed into it."""
    view.content, view.hash = content, new_hash
    inputs = {(block["block_id"], block["element"]["action_id"]) for block in input_blocks(view)}
    view.typed = {
        block_id: kept
        for block_id, states in view.typed.items()
        if (kept := {action: state for action, state in states.items() if (block_id, action) in inputs})
    }


def input_blocks(view: View) -> list[Json]:
    """The blocks into which something can be typed or chosen."""
    return [block for block in view.content["blocks"] if block["type"] == "input"]


def states(view: View) -> Json:
    """What stands in the inputs: what was typed, else what the app put there."""
    found: Json = {}
    for block in input_blocks(view):
        element = block["element"]
        given = view.typed.get(block["block_id"], {}).get(element["action_id"])
        found[block["block_id"]] = {element["action_id"]: given or state_of(element)}
    return found


def state_of(element: Json, typed: str | None = None) -> Json:
    """The state of one input, with the text, date or option that somebody chose, if somebody did."""
    kind = element["type"]
    if kind == "datepicker":
        day = element.get("initial_date") if typed is None else typed
        return {"type": kind, "selected_date": day or None}
    if kind == "static_select":
        options = {each["value"]: each for each in element["options"]}
        if typed and typed not in options:
            raise AssertionError(f"{typed!r} is none of {sorted(options)}")
        chosen = element.get("initial_option") if typed is None else options.get(typed)
        return {"type": kind, "selected_option": chosen}
    text = element.get("initial_value") if typed is None else typed
    if text and len(text) > element.get("max_length", 3000):
        raise AssertionError(f"the input takes no {len(text)} characters")
    return {"type": kind, "value": text or None}


def _view(call: Call) -> Json:
    view: Json | None = call.structure("view", dict, "invalid_arguments")
    if view is None:
        raise ApiError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]}
        )
    return view


def _replace(call: Call, view: View, content: Json) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict")
    put(view, content, call.world.new_hash())


METHODS: Mapping[str, Method] = {
    "views.open": Method(run=open_view),
    "views.update": Method(run=update_view),
    "views.publish": Method(run=publish_view),
}
