"""Relations, to be found from the other side."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource_relation",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("name_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_relation_resource_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", "name_sha256", name=op.f("pk_resource_relation")),
    )
    with op.batch_alter_table("resource_relation", schema=None) as batch_op:
        batch_op.create_index("ix_resource_relation_name_sha256", ["name_sha256"], unique=False)
    # The names are written with the keys: every resource waits for both again.
    op.execute("UPDATE resource SET keyed_revision = 0")


def downgrade() -> None:
    op.drop_table("resource_relation")
