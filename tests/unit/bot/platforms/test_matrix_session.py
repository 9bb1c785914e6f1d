"""The bot's login on disk, and settings that cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.platforms.matrix.session import Credentials, Session, forget_session, load_session, save_session

GIVEN = {"homeserver": "https://here.example", "user": "@caveat:here.example", "password": "p"}
SESSION = Session(
    homeserver=GIVEN["homeserver"], user_id=GIVEN["user"], device_id="DEVICE", token="secret token"
)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"homeserver": "here.example"}, "CAVEAT_MATRIX_HOMESERVER"),
        ({"homeserver": ""}, "CAVEAT_MATRIX_HOMESERVER"),
        ({"user": "caveat"}, "CAVEAT_MATRIX_USER"),
        ({"password": ""}, "CAVEAT_MATRIX_PASSWORD or CAVEAT_MATRIX_TOKEN"),
        ({"pickle_key": "DEFAULT_KEY"}, "CAVEAT_MATRIX_PICKLE_KEY"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(settings: dict[str, str], names: str) -> None:
    with pytest.raises(SettingsError, match=names):
        Credentials(**(GIVEN | settings))


def test_a_saved_login_comes_back_for_its_account_only(tmp_path: Path) -> None:
    save_session(tmp_path, SESSION)
    assert load_session(tmp_path, Credentials(**GIVEN)) == SESSION
    for changed in ({"user": "@other:here.example"}, {"homeserver": "https://there.example"}):
        assert load_session(tmp_path, Credentials(**(GIVEN | changed))) is None
    forget_session(tmp_path)
    assert load_session(tmp_path, Credentials(**GIVEN)) is None


def test_only_the_owner_may_read_it_even_where_others_could_before(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    save_session(folder, SESSION)
    save_session(folder, SESSION)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [
        ("session.json", 0o600)
    ]


@pytest.mark.parametrize("text", ["", "null", "[]", '{"user_id": 1}', "{"])
def test_a_damaged_file_means_a_new_login(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_text(text)
    assert load_session(tmp_path, Credentials(**GIVEN)) is None


def test_secrets_are_not_shown() -> None:
    given = Credentials(**GIVEN, token="secret token", pickle_key="secret key")
    assert "secret" not in repr(given) + repr(SESSION)
