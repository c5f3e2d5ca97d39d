"""Stream keys. They are derived, never stored: a copy of the database opens no stream."""

import base64
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "xingqu.live.stream_key"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_play_name() -> str:
    """A random name of 60 bits: public once the room is live, not to be guessed before."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def secret_of(*, play_name: str, key_version: int) -> str:
    """The secret part of a room's stream key; another `key_version` gives another."""
    digest = salted_hmac(SALT, f"{play_name}:{key_version}", algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode().lower()


def stream_key(*, play_name: str, key_version: int) -> str:
    """What a host puts into the encoder's field for the stream key."""
    return f"{play_name}?key={secret_of(play_name=play_name, key_version=key_version)}"


def is_secret(given: str, *, play_name: str, key_version: int) -> bool:
    """Whether `given` is the secret of this room now, compared in constant time."""
    return constant_time_compare(given, secret_of(play_name=play_name, key_version=key_version))


def split_key(text: str) -> tuple[str, str]:
    """(play name, secret) of what an encoder sent as stream name; the secret is empty without one."""
    name, _, query = text.partition("?")
    for part in query.split("&"):
        word, _, value = part.partition("=")
        if word == "key":
            return name.strip("/"), value
    return name.strip("/"), ""
