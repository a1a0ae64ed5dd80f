"""What harvests learned about a provider is kept with its source."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for the rows that are there.
    learned = sa.Column('learned', sa.JSON(), nullable=False, server_default='{}')
    with op.batch_alter_table('source', schema=None) as batch_op:
        batch_op.add_column(learned)


def downgrade() -> None:
    with op.batch_alter_table('source', schema=None) as batch_op:
        batch_op.drop_column('learned')
