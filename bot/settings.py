"""Settings: read once, at the edge, from the environment and a `.env` file beside it.

Every variable is a field here, and each field's description is what a refusal, `--help` and docs/settings.md say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AnyHttpUrl, Field, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "DATELINE_"
X_ROUTES = ("syndication", "oembed")
_HTTP_URL = TypeAdapter(AnyHttpUrl)


class SettingsRefused(Exception):
    """A variable is unknown or its value is not understood: one line that names it and says what it takes."""

    code = "settings"


class Settings(BaseSettings):
    """Everything that can be set, with defaults that need no account, no key and no other server."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "dateline",
        validation_alias="DATELINE_HOME",
        description="the folder that holds the evidence store",
    )
    allowed_private: Annotated[frozenset[tuple[str, int]], NoDecode] = Field(
        default=frozenset(),
        validation_alias="DATELINE_ALLOWED_PRIVATE",
        description="private addresses that may be reached, as host:port pairs with commas between, like 127.0.0.1:80",
    )
    x_routes: Annotated[tuple[str, ...], NoDecode] = Field(
        default=X_ROUTES,
        validation_alias="DATELINE_X_ROUTES",
        description="X's keyless routes in the order to try them: syndication, oembed, or off for none",
    )
    proxy: str | None = Field(
        default=None,
        validation_alias="DATELINE_PROXY",
        description="an http:// or https:// proxy that fetches go through",
    )
    ca_bundle: Path | None = Field(
        default=None,
        validation_alias="DATELINE_CA_BUNDLE",
        description="a file of certificate authorities to trust, in PEM form",
    )
    x_syndication_url: str = Field(
        default="https://cdn.syndication.twimg.com",
        validation_alias="X_SYNDICATION_URL",
        description="the base address of X's syndication route, http:// or https://",
    )
    x_oembed_url: str = Field(
        default="https://publish.x.com",
        validation_alias="X_OEMBED_URL",
        description="the base address of X's oEmbed route, http:// or https://",
    )
    x_media_url: str = Field(
        default="https://pbs.twimg.com",
        validation_alias="X_MEDIA_URL",
        description="the base address of X's picture host, http:// or https://",
    )
    x_shortener_url: str = Field(
        default="https://t.co",
        validation_alias="X_SHORTENER_URL",
        description="the base address of X's link shortener, http:// or https://",
    )

    x_bearer_token: str | None = Field(
        default=None,
        repr=False,
        validation_alias="X_BEARER_TOKEN",
        description="the bearer token of an app for X's API, to search X; X bills each post that it returns",
    )
    x_api_url: str = Field(
        default="https://api.x.com",
        validation_alias="X_API_URL",
        description="the base address of X's API, http:// or https://",
    )
    folders: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        validation_alias="DATELINE_FOLDERS",
        description=f"folders that may be watched, absolute paths with commas or {os.pathsep!r} between",
    )
    source_pace: float = Field(
        default=1.0,
        ge=0.0,
        le=60.0,
        validation_alias="DATELINE_SOURCE_PACE",
        description="seconds between two requests of sweeps to one host, 0 to 60; X's API keeps its own limit",
    )

    slack_bot_token: str | None = Field(
        default=None,
        validation_alias="SLACK_BOT_TOKEN",
        description="the bot token of the one workspace that is served, xoxb-...",
    )
    slack_app_token: str | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="the app-level token for Socket Mode, xapp-...; without it requests come by HTTP",
    )
    slack_signing_secret: str | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="the secret that Slack signs its requests with; needed for HTTP",
    )
    slack_client_id: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_ID",
        description="the app's client id, to be installed in many workspaces by OAuth instead of one token",
    )
    slack_client_secret: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_SECRET",
        description="the app's client secret, beside the client id",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="the base address of Slack's Web API, or of any server that speaks it",
    )
    slack_pace: float = Field(
        default=1.0,
        ge=0.0,
        le=60.0,
        validation_alias="DATELINE_SLACK_PACE",
        description="seconds between two messages to one channel, 0 to 60",
    )
    editors: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        validation_alias="DATELINE_EDITORS",
        description="who may agree to watching a private individual, and alone may merge, split and rename people in "
        "Slack: ids of Slack members (U...) and user groups (S...), with commas between",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="DATELINE_HOST",
        description="the address to listen on for Slack's requests, 0.0.0.0 for every one",
    )
    port: int = Field(
        default=3000,
        ge=1,
        le=65535,
        validation_alias="PORT",
        description="the port to listen on for Slack's requests, 1 to 65535",
    )

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("allowed_private", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = set()
        for part in filter(None, (piece.strip() for piece in value.split(","))):
            host, colon, port = part.rpartition(":")
            host = host.strip("[]")
            if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
                raise ValueError(f"{part!r} is no host:port pair")
            pairs.add((host.lower(), int(port)))
        return frozenset(pairs)

    @field_validator("editors", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        ids = frozenset(filter(None, (part.strip() for part in value.split(","))))
        if not all(one[0] in "UWS" and one.isascii() and one.isalnum() and one.isupper() for one in ids):
            raise ValueError("ids of members begin with U or W, of user groups with S")
        return ids

    @field_validator("x_routes", mode="before")
    @classmethod
    def _routes(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip().lower() == "off":
            return ()
        routes = tuple(part.strip().lower() for part in value.split(","))
        if len(set(routes)) < len(routes) or not set(routes) <= set(X_ROUTES):
            raise ValueError("routes are named once each")
        return routes

    @field_validator("folders", mode="before")
    @classmethod
    def _folders(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        written = [Path(part.strip()).expanduser() for part in re.split(rf"[,{os.pathsep}]", value) if part.strip()]
        if not all(folder.is_absolute() for folder in written):
            raise ValueError("a folder is named by its absolute path")
        return tuple(written)

    @field_validator(
        *("x_syndication_url", "x_oembed_url", "x_media_url", "x_shortener_url", "x_api_url", "proxy"), mode="after"
    )
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        return None if value is None else cls._base(value)

    @staticmethod
    def _base(value: str) -> str:
        parsed = _HTTP_URL.validate_python(value)
        if parsed.query or parsed.fragment:
            raise ValueError("a base address has neither query nor fragment")
        return value.rstrip("/")

    @field_validator("slack_api_url", mode="after")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        return f"{cls._base(value)}/"

    @field_validator("ca_bundle", mode="after")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value


def variables() -> dict[str, str]:
    """Return every variable's name with what it takes, for refusals, help and documentation."""
    return {str(field.validation_alias): str(field.description) for field in Settings.model_fields.values()}


def read_settings(home: Path | None = None, env_file: Path | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        home: overrides `DATELINE_HOME` (the command line's `--home`).
        env_file: the file of variables to read below the environment; default `.env` in the current folder.

    Raises:
        SettingsRefused: an unknown `DATELINE_*` variable, or a value that is not understood.
    """
    file = env_file if env_file is not None else Path(".env")
    known = variables()
    written = {**_written_in(file), **os.environ}
    for name in sorted(written):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsRefused(f"{name} is not a setting of Dateline; known: {', '.join(sorted(known))}.")
    if home is None and not written.get("DATELINE_HOME", "unset").strip():
        raise SettingsRefused(f"DATELINE_HOME is empty; it takes {known['DATELINE_HOME']}, or is left out.")
    overrides: Mapping[str, Any] = {"DATELINE_HOME": home} if home is not None else {}
    try:
        return Settings(_env_file=file, **overrides)
    except ValidationError as refused:
        first = refused.errors()[0]
        name = str(first["loc"][0])
        field = Settings.model_fields.get(name)
        alias = str(field.validation_alias) if field else name
        raise SettingsRefused(f"{alias}={first['input']!s} is not understood; it takes {known[alias]}.") from refused


def _written_in(file: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        return {name.upper(): value or "" for name, value in dotenv_values(file).items()} if file.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{file} cannot be read; it takes NAME=value lines in UTF-8.") from error
