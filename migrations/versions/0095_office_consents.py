"""Consent of producers to officers who work their desk
"""

import sqlalchemy as sa
from alembic import op

revision = '0095_office_consents'
down_revision = '0092_round_the_clock'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'office_consents',
        sa.Column('id', ROW, nullable=False),
        sa.Column('producer_id', ROW, nullable=False),
        sa.Column('paper', sa.String(length=200), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('given_by', sa.String(length=120), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by', sa.String(length=120), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by = '')", name=op.f('ck_office_consents_ended')),
        sa.ForeignKeyConstraint(
            ['producer_id'], ['producers.id'], name=op.f('fk_office_consents_producer_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_office_consents')),
    )
    op.create_index(
        'uq_office_consents_open',
        'office_consents',
        ['producer_id'],
        unique=True,
        sqlite_where=sa.text('ended_at IS NULL'),
        postgresql_where=sa.text('ended_at IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('office_consents')
