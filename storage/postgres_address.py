"""PostgreSQL's address with the options of libpq, its own client library, as `?sslmode=require`: told to asyncpg and to
the client programs that make backups."""

from typing import Any

from sqlalchemy import URL, make_url

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Options that asyncpg reads from an address of its own only, and how the client programs learn of them.
FOR_BOTH = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "passfile": "PGPASSFILE",
}
SSL, PATIENCE, NAME = "ssl", "connect_timeout", "application_name"  # asyncpg's own words for three more
OF_SQLALCHEMY = ("host", "port", "prepared_statement_cache_size")
KNOWN = {*FOR_BOTH, SSL, PATIENCE, NAME, *OF_SQLALCHEMY}


def check_options(url: str) -> None:
    """Raises ValueError with the rest of a sentence."""
    query = make_url(url).query
    for name, value in query.items():
        if name not in KNOWN:
            raise ValueError(f"has the option {name}, which is not known here: take it away")
        if isinstance(value, tuple):
            raise ValueError(f"has the option {name} twice")  # noqa: TRY004 of a text, not of a type
    for name in {"sslmode", SSL} & query.keys():
        if query[name] not in SSL_MODES:
            raise ValueError(f"must have {name} as one of {', '.join(SSL_MODES)}")
    for name in {PATIENCE, "prepared_statement_cache_size"} & query.keys():
        if not str(query[name]).isdecimal():
            raise ValueError(f"must have {name} as a whole number")


def for_asyncpg(url: str) -> tuple[URL, dict[str, Any], dict[str, str]]:
    """The address without what asyncpg would not understand there, its arguments, and the server's settings."""
    address, given = make_url(url), make_url(url).query
    in_dsn = {name: value for name, value in given.items() if name in FOR_BOTH}
    arguments: dict[str, Any] = {}
    if in_dsn:
        arguments["dsn"] = URL.create("postgresql", query=in_dsn).render_as_string(hide_password=False)
    if PATIENCE in given:
        arguments["timeout"] = int(str(given[PATIENCE])) or None
    settings = {NAME: str(given[NAME])} if NAME in given else {}
    return address.difference_update_query([*in_dsn, PATIENCE, NAME]), arguments, settings


def for_client_programs(url: str) -> dict[str, str]:
    """Their environment: the password, too, for arguments are for everybody to see."""
    address, found = make_url(url), {"PGPASSWORD": str(make_url(url).password or "")}
    names = {**FOR_BOTH, SSL: FOR_BOTH["sslmode"], PATIENCE: "PGCONNECT_TIMEOUT"}
    return found | {names[name]: str(value) for name, value in address.query.items() if name in names}
