"""Former identifiers of records, answers that were repaired, and error budgets of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("last_harvest_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["harvested_record.id"],
            name=op.f("fk_record_alias_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_record_alias_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_alias")),
        sa.UniqueConstraint(
            "source_id", "identifier", name=op.f("uq_record_alias_source_id_identifier")
        ),
    )
    with op.batch_alter_table("record_alias", schema=None) as batch_op:
        batch_op.create_index("ix_record_alias_record_id", ["record_id"], unique=False)
    with op.batch_alter_table("harvested_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repaired", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("received", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("error_budget", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("error_budget")
    with op.batch_alter_table("harvested_record", schema=None) as batch_op:
        batch_op.drop_column("received")
        batch_op.drop_column("repaired")
    op.drop_table("record_alias")
