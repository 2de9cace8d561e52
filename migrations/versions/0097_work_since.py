"""A claim is of the work that waits since an instant: what comes back later is new work

Which instant the claims of before meant is not known: they are let go of, and the work is taken again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0097_work_since'
down_revision = '0096_trail_cut'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text('DELETE FROM work_claims'))
    with op.batch_alter_table('work_claims') as batch:
        batch.add_column(sa.Column('since', sa.DateTime(timezone=True), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('work_claims') as batch:
        batch.drop_column('since')
