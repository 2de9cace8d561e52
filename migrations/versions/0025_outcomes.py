"""Targets of matchmaking by year
"""

import sqlalchemy as sa
from alembic import op

revision = '0025_outcomes'
down_revision = '0024_campaigns'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('matchmaking_targets',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('meetings', sa.Integer(), nullable=False),
    sa.Column('producers', sa.Integer(), nullable=False),
    sa.Column('contracts', sa.Integer(), nullable=False),
    sa.Column('contract_value', sa.BigInteger(), nullable=False),
    sa.Column('set_by', sa.String(length=200), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('contract_value >= 0', name=op.f('ck_matchmaking_targets_contract_value')),
    sa.CheckConstraint('meetings >= 0 AND producers >= 0 AND contracts >= 0', name=op.f('ck_matchmaking_targets_counts')),
    sa.CheckConstraint('year BETWEEN 2019 AND 2100', name=op.f('ck_matchmaking_targets_year')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_matchmaking_targets'))
    )


def downgrade() -> None:
    op.drop_table('matchmaking_targets')
