"""What Alembic runs: the migrations, on the connection and in the transaction that `upgrade` hands in."""

from alembic import context

from stores.vault.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
