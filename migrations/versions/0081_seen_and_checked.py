"""Who of the office saw whose personal data, and when the trail's chain was walked
"""

import sqlalchemy as sa
from alembic import op

revision = '0081_seen_and_checked'
down_revision = '0080_second_factor'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'seen_personal',
        sa.Column('id', ROW, nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('user_name', sa.String(length=200), nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('subject', sa.String(length=200), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seen_personal')),
        sa.UniqueConstraint('user_id', 'kind', 'subject', 'day', name=op.f('uq_seen_personal_user_id_kind_subject_day')),
    )
    op.create_index(op.f('ix_seen_personal_kind_subject'), 'seen_personal', ['kind', 'subject'])
    op.create_index(op.f('ix_seen_personal_first_at'), 'seen_personal', ['first_at'])
    op.create_table(
        'chain_checks',
        sa.Column('id', ROW, nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_name', sa.String(length=200), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('seal', sa.String(length=64), nullable=False),
        sa.Column('broken', sa.Integer(), nullable=False),
        sa.Column('unsealed', sa.Integer(), nullable=False),
        sa.CheckConstraint('broken >= 0 AND unsealed >= 0 AND position >= 0', name=op.f('ck_chain_checks_counts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_chain_checks')),
    )
    op.create_index(op.f('ix_chain_checks_at'), 'chain_checks', ['at'])
    op.create_index(op.f('ix_audit_entries_at'), 'audit_entries', ['at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_audit_entries_at'), table_name='audit_entries')
    op.drop_table('chain_checks')
    op.drop_table('seen_personal')
