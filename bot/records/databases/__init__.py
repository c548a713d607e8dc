"""Databases that hold records: a SQLite file or a PostgreSQL server, and who may open it."""
