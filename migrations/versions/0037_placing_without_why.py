"""Why somebody stands where it does is kept by the run that placed it
"""

import sqlalchemy as sa
from alembic import op

revision = '0037_placing_without_why'
down_revision = '0036_feedback'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('fair_placings', schema=None) as batch_op:
        batch_op.drop_column('why')


def downgrade() -> None:
    with op.batch_alter_table('fair_placings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('fair_placings', schema=None) as batch_op:
        batch_op.alter_column('why', server_default=None)
