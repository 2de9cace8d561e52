"""Who of the office has taken which piece of waiting work
"""

import sqlalchemy as sa
from alembic import op

revision = '0082_work_claims'
down_revision = '0081_seen_and_checked'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'work_claims',
        sa.Column('id', ROW, nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('item', sa.String(length=120), nullable=False),
        sa.Column('officer_id', ROW, nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['officer_id'], ['users.id'], name=op.f('fk_work_claims_officer_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_work_claims')),
        sa.UniqueConstraint('kind', 'item', name=op.f('uq_work_claims_kind_item')),
    )
    op.create_index(op.f('ix_work_claims_officer_id'), 'work_claims', ['officer_id'])


def downgrade() -> None:
    op.drop_table('work_claims')
