"""Alembic's entry: runs the migrations over the connection that ``oer.database`` hands in."""

from alembic import context

from oer.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
