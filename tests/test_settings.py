"""Settings are read once, and what is not understood is refused in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsRefused, read_settings, variables


@pytest.fixture(name="bare", autouse=True)
def fixture_bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any of our variables, in a folder without a `.env` file."""
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    """Without any variable the settings are complete: keyless routes on, no private address allowed."""
    settings = read_settings()
    assert settings.x_routes == ("syndication", "oembed")
    assert settings.allowed_private == frozenset()
    assert settings.home == Path.home() / ".local" / "share" / "dateline"


def test_values_are_read_from_environment_and_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment wins over the `.env` file, and the command line's folder over both."""
    (tmp_path / ".env").write_text("DATELINE_X_ROUTES=oembed\nDATELINE_HOME=/from/file\n")
    assert read_settings().x_routes == ("oembed",)
    monkeypatch.setenv("DATELINE_X_ROUTES", "oembed, syndication")
    monkeypatch.setenv("DATELINE_ALLOWED_PRIVATE", "127.0.0.1:8080,[::1]:9000, Archive.LOCAL:443")
    settings = read_settings(home=tmp_path / "store")
    assert settings.x_routes == ("oembed", "syndication")
    assert settings.allowed_private == {("127.0.0.1", 8080), ("::1", 9000), ("archive.local", 443)}
    assert settings.home == tmp_path / "store"


def test_folders_are_absolute_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that may be watched are a list with commas or the system's own separator; there are none by default."""
    assert read_settings().folders == ()
    monkeypatch.setenv("DATELINE_FOLDERS", f"/srv/in coming, /srv/agency{os.pathsep}~/drop,")
    assert read_settings().folders == (Path("/srv/in coming"), Path("/srv/agency"), Path.home() / "drop")


def test_the_key_of_x_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of X's API does not stand in what settings look like."""
    monkeypatch.setenv("X_BEARER_TOKEN", "AAAA-secret")
    settings = read_settings()
    assert settings.x_bearer_token == "AAAA-secret"
    assert "AAAA-secret" not in repr(settings)


def test_routes_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """`off` turns every keyless route off."""
    monkeypatch.setenv("DATELINE_X_ROUTES", "off")
    assert read_settings().x_routes == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_X_ROUTES", "carrier-pigeon"),
        ("DATELINE_X_ROUTES", "oembed,oembed"),
        ("DATELINE_ALLOWED_PRIVATE", "127.0.0.1"),
        ("DATELINE_ALLOWED_PRIVATE", "127.0.0.1:99999"),
        ("X_SYNDICATION_URL", "ftp://example.org"),
        ("X_OEMBED_URL", "not an address"),
        ("X_MEDIA_URL", "https://example.org/?q=1"),
        ("X_API_URL", "api.x.com"),
        ("DATELINE_FOLDERS", "incoming"),
        ("DATELINE_SOURCE_PACE", "61"),
        ("DATELINE_PROXY", "socks4://example.org"),
        ("DATELINE_CA_BUNDLE", "/nowhere/bundle.pem"),
    ],
)
def test_a_bad_value_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value that is not understood is refused in one line naming the variable, the value and what it takes."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    line = str(refused.value)
    assert "\n" not in line
    assert name in line
    assert value in line
    assert variables()[name] in line


@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str) -> None:
    """A misspelt `DATELINE_*` variable is refused by name wherever it stands, others are none of our business."""
    if where == "environment":
        monkeypatch.setenv("DATELINE_HOEM", "/somewhere")
    else:
        (tmp_path / ".env").write_text("DATELINE_HOEM=/somewhere\nOTHER=1\n")
    with pytest.raises(SettingsRefused, match="DATELINE_HOEM is not a setting"):
        read_settings()


def test_every_setting_says_what_it_takes() -> None:
    """Each field carries the sentence that a refusal shows."""
    assert all(len(text) > 10 for text in variables().values())
    assert len(variables()) == len(Settings.model_fields)


@pytest.mark.parametrize("where", ["environment", "file"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_home_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, value: str) -> None:
    """A folder that is set to nothing is refused by name, unless another one is named on the command line."""
    if where == "environment":
        monkeypatch.setenv("DATELINE_HOME", value)
    else:
        (tmp_path / ".env").write_text(f'DATELINE_HOME="{value}"\n')
    with pytest.raises(SettingsRefused, match="DATELINE_HOME is empty; it takes the folder"):
        read_settings()
    assert read_settings(home=tmp_path / "store").home == tmp_path / "store"
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    assert read_settings().home == tmp_path
