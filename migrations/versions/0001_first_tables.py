"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('url_sha256', sa.String(length=64), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('final_url', sa.Text(), nullable=True),
    sa.Column('moved_permanently', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('first_failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link')),
    sa.UniqueConstraint('url_sha256', name=op.f('uq_link_url_sha256'))
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index('ix_link_host_next_check_at', ['host', 'next_check_at'], unique=False)
        batch_op.create_index('ix_link_next_check_at', ['next_check_at'], unique=False)

    op.create_table('source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('protocol', sa.String(length=32), nullable=False),
    sa.Column('base_url', sa.Text(), nullable=False),
    sa.Column('metadata_prefix', sa.String(length=128), nullable=False),
    sa.Column('set_specs', sa.JSON(), nullable=False),
    sa.Column('internal', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trust', sa.String(length=16), nullable=False),
    sa.Column('deletion_policy', sa.String(length=16), nullable=False),
    sa.Column('guard_share', sa.Float(), nullable=False),
    sa.Column('interval_hours', sa.Float(), nullable=True),
    sa.Column('reconcile_days', sa.Float(), nullable=True),
    sa.Column('visiting_hours', sa.String(length=64), nullable=True),
    sa.Column('delay_seconds', sa.Float(), nullable=False),
    sa.Column('headers_variable', sa.String(length=128), nullable=True),
    sa.Column('ca_file', sa.Text(), nullable=True),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('parked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reconciled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_with', sa.String(length=64), nullable=True),
    sa.Column('harvest_from', sa.String(length=32), nullable=True),
    sa.Column('granularity', sa.String(length=32), nullable=True),
    sa.Column('deleted_record', sa.String(length=16), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('slug', name=op.f('uq_source_slug'))
    )
    op.create_table('vocabulary',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('concepts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary')),
    sa.UniqueConstraint('name', name=op.f('uq_vocabulary_name'))
    )
    op.create_table('harvest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('window_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=255), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('from', sa.String(length=32), nullable=True),
    sa.Column('checkpoint', sa.Text(), nullable=True),
    sa.Column('response_date', sa.String(length=32), nullable=True),
    sa.Column('complete_list_size', sa.Integer(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('withdrawn', sa.Integer(), nullable=False),
    sa.Column('quarantined', sa.Integer(), nullable=False),
    sa.Column('holes', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_harvest_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_harvest'))
    )
    with op.batch_alter_table('harvest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_harvest_source_id'), ['source_id'], unique=False)
        batch_op.create_index('uq_harvest_running', ['source_id'], unique=True, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('mapping_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vocabulary', sa.String(length=64), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.String(length=255), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_mapping_row_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mapping_row'))
    )
    with op.batch_alter_table('mapping_row', schema=None) as batch_op:
        batch_op.create_index('ix_mapping_row_vocabulary', ['vocabulary', 'folded'], unique=False)

    op.create_table('resource',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=16), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('metadata_json', sa.Text(), nullable=False),
    sa.Column('audit_json', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('datestamp', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_reason', sa.Text(), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=255), nullable=True),
    sa.Column('successor', sa.Text(), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('completeness', sa.Float(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('indexed_revision', sa.Integer(), nullable=False),
    sa.Column('linked_revision', sa.Integer(), nullable=False),
    sa.Column('keyed_revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['merged_into_id'], ['resource.id'], name=op.f('fk_resource_merged_into_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_resource_source_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
    sa.UniqueConstraint('address', name=op.f('uq_resource_address'))
    )
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.create_index('ix_resource_keys_stale', ['id'], unique=False, sqlite_where=sa.text('keyed_revision <> revision'), postgresql_where=sa.text('keyed_revision <> revision'))
        batch_op.create_index('ix_resource_links_stale', ['id'], unique=False, sqlite_where=sa.text('linked_revision <> revision'), postgresql_where=sa.text('linked_revision <> revision'))
        batch_op.create_index(batch_op.f('ix_resource_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index('ix_resource_source_id_status', ['source_id', 'status'], unique=False)
        batch_op.create_index('ix_resource_stale', ['id'], unique=False, sqlite_where=sa.text('indexed_revision <> revision'), postgresql_where=sa.text('indexed_revision <> revision'))
        batch_op.create_index('ix_resource_status_datestamp', ['status', 'datestamp'], unique=False)

    op.create_table('vocabulary_concept',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vocabulary_id', sa.Integer(), nullable=False),
    sa.Column('uri', sa.Text(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('broader', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['vocabulary_id'], ['vocabulary.id'], name=op.f('fk_vocabulary_concept_vocabulary_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary_concept'))
    )
    with op.batch_alter_table('vocabulary_concept', schema=None) as batch_op:
        batch_op.create_index('ix_vocabulary_concept_uri', ['uri'], unique=False)
        batch_op.create_index(batch_op.f('ix_vocabulary_concept_vocabulary_id'), ['vocabulary_id'], unique=False)

    op.create_table('duplicate_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.String(length=255), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['resource.id'], name=op.f('fk_duplicate_decision_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['resource.id'], name=op.f('fk_duplicate_decision_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_decision')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_duplicate_decision_first_id_second_id'))
    )
    with op.batch_alter_table('duplicate_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duplicate_decision_second_id'), ['second_id'], unique=False)

    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=255), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('resource_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_event_resource_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_event_source_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_at'), ['at'], unique=False)
        batch_op.create_index('ix_event_resource_id', ['resource_id'], unique=False)

    op.create_table('finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('resource_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_finding_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index('ix_finding_code_severity', ['code', 'severity'], unique=False)
        batch_op.create_index('ix_finding_resource_id', ['resource_id'], unique=False)

    op.create_table('harvested_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('identifier', sa.Text(), nullable=False),
    sa.Column('datestamp', sa.Text(), nullable=True),
    sa.Column('set_specs', sa.JSON(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('pending_deletion', sa.String(length=8), nullable=True),
    sa.Column('blocked', sa.Boolean(), nullable=False),
    sa.Column('metadata_prefix', sa.String(length=128), nullable=True),
    sa.Column('payload', sa.LargeBinary(), nullable=True),
    sa.Column('about', sa.LargeBinary(), nullable=True),
    sa.Column('checksum', sa.String(length=64), nullable=True),
    sa.Column('problem', sa.String(length=32), nullable=True),
    sa.Column('problem_detail', sa.Text(), nullable=True),
    sa.Column('first_harvest_id', sa.Integer(), nullable=True),
    sa.Column('last_harvest_id', sa.Integer(), nullable=True),
    sa.Column('resource_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['first_harvest_id'], ['harvest.id'], name=op.f('fk_harvested_record_first_harvest_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['last_harvest_id'], ['harvest.id'], name=op.f('fk_harvested_record_last_harvest_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_harvested_record_resource_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_harvested_record_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_harvested_record')),
    sa.UniqueConstraint('source_id', 'identifier', name=op.f('uq_harvested_record_source_id_identifier'))
    )
    with op.batch_alter_table('harvested_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_harvested_record_resource_id'), ['resource_id'], unique=False)
        batch_op.create_index('ix_harvested_record_source_id_problem', ['source_id', 'problem'], unique=False)

    op.create_table('override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('resource_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('value_json', sa.Text(), nullable=False),
    sa.Column('provider_json', sa.Text(), nullable=False),
    sa.Column('provider_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_by', sa.String(length=255), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_override_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_override')),
    sa.UniqueConstraint('resource_id', 'field', name=op.f('uq_override_resource_id_field'))
    )
    op.create_table('resource_key',
    sa.Column('resource_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_key_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('resource_id', 'key', name=op.f('pk_resource_key'))
    )
    with op.batch_alter_table('resource_key', schema=None) as batch_op:
        batch_op.create_index('ix_resource_key_key', ['key'], unique=False)

    op.create_table('resource_link',
    sa.Column('resource_id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], name=op.f('fk_resource_link_link_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_link_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('resource_id', 'link_id', name=op.f('pk_resource_link'))
    )
    with op.batch_alter_table('resource_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resource_link_link_id'), ['link_id'], unique=False)

    op.create_table('vocabulary_label',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.Integer(), nullable=False),
    sa.Column('folded', sa.String(length=255), nullable=False),
    sa.Column('language', sa.String(length=35), nullable=True),
    sa.Column('preferred', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['concept_id'], ['vocabulary_concept.id'], name=op.f('fk_vocabulary_label_concept_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary_label'))
    )
    with op.batch_alter_table('vocabulary_label', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vocabulary_label_concept_id'), ['concept_id'], unique=False)
        batch_op.create_index('ix_vocabulary_label_folded', ['folded'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('vocabulary_label', schema=None) as batch_op:
        batch_op.drop_index('ix_vocabulary_label_folded')
        batch_op.drop_index(batch_op.f('ix_vocabulary_label_concept_id'))

    op.drop_table('vocabulary_label')
    with op.batch_alter_table('resource_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resource_link_link_id'))

    op.drop_table('resource_link')
    with op.batch_alter_table('resource_key', schema=None) as batch_op:
        batch_op.drop_index('ix_resource_key_key')

    op.drop_table('resource_key')
    op.drop_table('override')
    with op.batch_alter_table('harvested_record', schema=None) as batch_op:
        batch_op.drop_index('ix_harvested_record_source_id_problem')
        batch_op.drop_index(batch_op.f('ix_harvested_record_resource_id'))

    op.drop_table('harvested_record')
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.drop_index('ix_finding_resource_id')
        batch_op.drop_index('ix_finding_code_severity')

    op.drop_table('finding')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_resource_id')
        batch_op.drop_index(batch_op.f('ix_event_at'))

    op.drop_table('event')
    with op.batch_alter_table('duplicate_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duplicate_decision_second_id'))

    op.drop_table('duplicate_decision')
    with op.batch_alter_table('vocabulary_concept', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vocabulary_concept_vocabulary_id'))
        batch_op.drop_index('ix_vocabulary_concept_uri')

    op.drop_table('vocabulary_concept')
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.drop_index('ix_resource_status_datestamp')
        batch_op.drop_index('ix_resource_stale', sqlite_where=sa.text('indexed_revision <> revision'), postgresql_where=sa.text('indexed_revision <> revision'))
        batch_op.drop_index('ix_resource_source_id_status')
        batch_op.drop_index(batch_op.f('ix_resource_merged_into_id'))
        batch_op.drop_index('ix_resource_links_stale', sqlite_where=sa.text('linked_revision <> revision'), postgresql_where=sa.text('linked_revision <> revision'))
        batch_op.drop_index('ix_resource_keys_stale', sqlite_where=sa.text('keyed_revision <> revision'), postgresql_where=sa.text('keyed_revision <> revision'))

    op.drop_table('resource')
    with op.batch_alter_table('mapping_row', schema=None) as batch_op:
        batch_op.drop_index('ix_mapping_row_vocabulary')

    op.drop_table('mapping_row')
    with op.batch_alter_table('harvest', schema=None) as batch_op:
        batch_op.drop_index('uq_harvest_running', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.drop_index(batch_op.f('ix_harvest_source_id'))

    op.drop_table('harvest')
    op.drop_table('vocabulary')
    op.drop_table('source')
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.drop_index('ix_link_next_check_at')
        batch_op.drop_index('ix_link_host_next_check_at')

    op.drop_table('link')
