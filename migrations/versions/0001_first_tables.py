"""Sources, harvests, harvested records and resources."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("protocol", sa.String(length=32), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("metadata_prefix", sa.String(length=128), nullable=False),
        sa.Column("set_specs", sa.JSON(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("harvest_from", sa.String(length=32), nullable=True),
        sa.Column("granularity", sa.String(length=32), nullable=True),
        sa.Column("deleted_record", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", name=op.f("uq_source_slug")),
    )
    op.create_table(
        "harvest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=255), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("from", sa.String(length=32), nullable=True),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("response_date", sa.String(length=32), nullable=True),
        sa.Column("complete_list_size", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_harvest_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest")),
    )
    with op.batch_alter_table("harvest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_harvest_source_id"), ["source_id"], unique=False)
        batch_op.create_index(
            "uq_harvest_running",
            ["source_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("metadata_json", sa.Text(), nullable=False),
        sa.Column("audit_json", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("datestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("indexed_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_resource_source_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("address", name=op.f("uq_resource_address")),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index("ix_resource_source_id_status", ["source_id", "status"], unique=False)
        batch_op.create_index(
            "ix_resource_stale",
            ["id"],
            unique=False,
            sqlite_where=sa.text("indexed_revision <> revision"),
            postgresql_where=sa.text("indexed_revision <> revision"),
        )
        batch_op.create_index("ix_resource_status_datestamp", ["status", "datestamp"], unique=False)

    op.create_table(
        "harvested_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.Text(), nullable=True),
        sa.Column("set_specs", sa.JSON(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("metadata_prefix", sa.String(length=128), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("checksum", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.String(length=32), nullable=True),
        sa.Column("problem_detail", sa.Text(), nullable=True),
        sa.Column("first_harvest_id", sa.Integer(), nullable=True),
        sa.Column("last_harvest_id", sa.Integer(), nullable=True),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_harvest_id"],
            ["harvest.id"],
            name=op.f("fk_harvested_record_first_harvest_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["last_harvest_id"],
            ["harvest.id"],
            name=op.f("fk_harvested_record_last_harvest_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_harvested_record_resource_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_harvested_record_source_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvested_record")),
        sa.UniqueConstraint(
            "source_id", "identifier", name=op.f("uq_harvested_record_source_id_identifier")
        ),
    )
    with op.batch_alter_table("harvested_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_harvested_record_resource_id"), ["resource_id"], unique=False
        )
        batch_op.create_index(
            "ix_harvested_record_source_id_problem", ["source_id", "problem"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("harvested_record", schema=None) as batch_op:
        batch_op.drop_index("ix_harvested_record_source_id_problem")
        batch_op.drop_index(batch_op.f("ix_harvested_record_resource_id"))

    op.drop_table("harvested_record")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_index("ix_resource_status_datestamp")
        batch_op.drop_index(
            "ix_resource_stale",
            sqlite_where=sa.text("indexed_revision <> revision"),
            postgresql_where=sa.text("indexed_revision <> revision"),
        )
        batch_op.drop_index("ix_resource_source_id_status")

    op.drop_table("resource")
    with op.batch_alter_table("harvest", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_harvest_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_harvest_source_id"))

    op.drop_table("harvest")
    op.drop_table("source")
