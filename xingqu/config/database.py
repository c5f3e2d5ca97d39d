"""Where transactions are kept: a SQLite file in the home folder, or PostgreSQL, chosen by `XINGQU_DATABASE_URL`."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from xingqu.config.environment import Environment

SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
EXPECTED = "XINGQU_DATABASE_URL: expected postgresql://user:password@host:port/name, or nothing for SQLite"


def database_settings(environment: Environment, home: Path) -> dict[str, Any]:
    """Django's settings of the one database. Raises ImproperlyConfigured for an address that can't be read."""
    url = environment.database_url.get_secret_value()
    return settings_of(url, environment) if url else sqlite_settings(home / "xingqu.sqlite3", environment)


def settings_of(url: str, environment: Environment) -> dict[str, Any]:
    """Settings of a database by its address: ``postgresql://…`` or ``sqlite:///path``. Raises ImproperlyConfigured."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{EXPECTED} ({error})") from error
    name = unquote(parts.path)
    if parts.scheme == "sqlite" and not parts.netloc and len(name) > 1:
        return sqlite_settings(Path(name[1:]), environment)
    if parts.scheme not in ("postgresql", "postgres") or len(name) < 2 or "/" in name[1:]:
        raise ImproperlyConfigured(EXPECTED)
    wait_ms = environment.database_busy_timeout_ms
    # What libpq calls its parameters (sslmode, host for a socket's folder, ...) goes to it as it is.
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    started = f"{options.pop('options', '')} -c lock_timeout={wait_ms} -c idle_in_transaction_session_timeout=600000"
    return {
        "ENGINE": "xingqu.kit.postgresql",
        "NAME": name[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(port or options.pop("port", "")),
        # A web worker answers one request at a time, so a connection a thread is all it needs, for as long as it lives.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "xingqu",
            "connect_timeout": 10,
            "client_encoding": "UTF8",
            **options,
            "options": started.strip(),
        },
    }


def sqlite_settings(path: Path, environment: Environment) -> dict[str, Any]:
    """Settings of a SQLite file."""
    return {
        "ENGINE": "xingqu.kit.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": environment.database_busy_timeout_ms / 1000,
            # A transaction that starts by reading and then writes cannot wait for a lock in SQLite; it must start as a writer.
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_START,
        },
        "TEST": {"NAME": path.with_name("test.sqlite3")},
    }
