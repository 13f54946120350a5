"""The app's credentials: tokens with scopes, their rotation and revocation, and the OAuth codes they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from bot.workspace.errors import Refused
from bot.workspace.manifest import Manifest
from bot.workspace.values import Json

LIFETIME = 12 * 3600
"""Seconds a rotated access token lives (documented)."""

CODE_LIFETIME = 600
"""Seconds an OAuth code lives (documented)."""


@dataclass(frozen=True)
class Token:
    """One token: `bot` for the Web API, `app` for opening sockets."""

    value: str
    kind: Literal["bot", "app"]
    scopes: frozenset[str]
    expires: float | None = None
    state: Literal["live", "revoked", "inactive"] = "live"


class Tokens:
    """All tokens of the one app in this workspace.

    Attributes:
        bot: the newest bot token; `refresh` belongs to it when the manifest rotates tokens, else it is empty.
        app: the app-level token, with `connections:write`.
        signing_secret: what requests to the bot are signed with.
    """

    def __init__(self, manifest: Manifest, clock: Callable[[], float], secret: Callable[[], str]) -> None:
        self._manifest, self._clock, self._secret = manifest, clock, secret
        self._tokens: dict[str, Token] = {}
        self._refresh: dict[str, str] = {}
        self._codes: dict[str, tuple[float, str]] = {}
        self.signing_secret = secret()
        self.client_id = "1000000000." + "".join(character for character in secret() if character.isdigit())
        self.client_secret = secret()
        self.verification = secret()
        self.app = "xapp-1-" + secret()
        self._tokens[self.app] = Token(self.app, "app", frozenset({"connections:write"}))
        self.refresh = ""
        self.bot = self.issue()

    def issue(self) -> str:
        """Make a new bot token with the manifest's scopes, and its refresh token when tokens rotate."""
        expires = None
        value = "xoxb-" + self._secret()
        if self._manifest.token_rotation:
            value = "xoxe." + value
            expires = self._clock() + LIFETIME
            self.refresh = "xoxe-1-" + self._secret()
            self._refresh[self.refresh] = value
        self._tokens[value] = Token(value, "bot", self._manifest.scopes, expires)
        self.bot = value
        return value

    def narrow(self, *missing: str) -> None:
        """Take scopes away from the bot's token, as an install from an older manifest would lack them."""
        self._tokens[self.bot] = replace(self._tokens[self.bot], scopes=self._tokens[self.bot].scopes - set(missing))

    def revoke(self, value: str = "") -> None:
        """Revoke one token, or the bot's."""
        value = value or self.bot
        self._tokens[value] = replace(self._tokens[value], state="revoked")

    def deactivate(self) -> None:
        """The app was uninstalled: every token answers `account_inactive`, no refresh works."""
        self._tokens = {value: replace(token, state="inactive") for value, token in self._tokens.items()}
        self._refresh.clear()

    def check(self, value: str) -> Token:
        """The token behind a value. Raises `Refused` in Slack's words when it opens nothing."""
        if not value:
            raise Refused("not_authed")
        token = self._tokens.get(value)
        if token is None:
            raise Refused("invalid_auth")
        if token.state != "live":
            raise Refused("token_revoked" if token.state == "revoked" else "account_inactive")
        if token.expires is not None and self._clock() >= token.expires:
            raise Refused("token_expired")
        return token

    def grant_code(self, redirect_uri: str) -> str:
        """A code as Slack hands out when a person agrees to the install."""
        code = self._secret()
        self._codes[code] = (self._clock() + CODE_LIFETIME, redirect_uri)
        return code

    def spend_code(self, code: str, redirect_uri: str) -> None:
        """Use a code up. Raises `Refused` for an unknown, used or old code and for another redirect address."""
        expires, wanted = self._codes.pop(code, (0.0, ""))
        if not expires:
            raise Refused("invalid_code")
        if self._clock() >= expires:
            raise Refused("code_expired")
        if redirect_uri and redirect_uri != wanted:
            raise Refused("bad_redirect_uri")

    def rotate(self, refresh: str) -> None:
        """Use a refresh token up for a new pair. Raises `Refused` when it was used before or never given."""
        if self._refresh.pop(refresh, None) is None:
            raise Refused("invalid_refresh_token")
        self.issue()

    def grant(self) -> Json:
        """What `oauth.v2.access` tells about the newest token."""
        token = self._tokens[self.bot]
        rotation: Json = {"refresh_token": self.refresh, "expires_in": LIFETIME} if token.expires is not None else {}
        scope = ",".join(sorted(token.scopes))
        return {"access_token": self.bot, "token_type": "bot", "scope": scope, **rotation}
