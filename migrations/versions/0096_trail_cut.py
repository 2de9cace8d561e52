"""Whether a walk of the trail found it cut short
"""

import sqlalchemy as sa
from alembic import op

revision = '0096_trail_cut'
down_revision = '0095_office_consents'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('chain_checks') as batch:
        batch.add_column(sa.Column('cut', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('chain_checks') as batch:
        batch.alter_column('cut', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('chain_checks') as batch:
        batch.drop_column('cut')
