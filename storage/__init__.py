"""Tables, transactions, jobs and sealed columns, on SQLite or PostgreSQL."""

from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


def open_database(url: str) -> Database:
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`. Connects at the first read or write, not before."""
    return SqliteDatabase(url) if url.startswith("sqlite") else PostgresDatabase(url)
