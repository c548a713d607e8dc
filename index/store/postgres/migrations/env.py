"""What Alembic runs for a migration: all steps in the transaction that it is given."""

from __future__ import annotations

from alembic import context

# Only while Alembic runs it is there a configuration: whoever imports this runs nothing.
config = getattr(context, "config", None)
if config is not None:
    context.configure(
        connection=config.attributes["connection"],
        version_table=config.attributes["version_table"],
        version_table_schema=config.attributes["schema"],
        transactional_ddl=True,
    )
    context.run_migrations()
