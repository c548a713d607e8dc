"""Migrations of the schema on the server, run by Alembic."""
