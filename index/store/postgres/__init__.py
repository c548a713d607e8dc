"""The index on a PostgreSQL server: the same tables and blocks as in the folder, for many bots."""
