"""Incoming bank transfers, what each was given to, how far the feed was read
"""

import sqlalchemy as sa
from alembic import op

revision = '0017_bank'
down_revision = '0016_payments'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bank_feed_marks',
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('read_until', sa.Integer(), nullable=False),
    sa.CheckConstraint('read_until >= 0', name=op.f('ck_bank_feed_marks_read_until')),
    sa.PrimaryKeyConstraint('account', name=op.f('pk_bank_feed_marks'))
    )
    op.create_table('bank_transfers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('other_reference', sa.String(length=120), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('allocated', sa.BigInteger(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('timed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('payer', sa.String(length=200), nullable=False),
    sa.Column('payer_account', sa.String(length=60), nullable=False),
    sa.Column('source', sa.Enum('statement', 'feed', name='source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('matched', 'under', 'over', 'late', 'double', 'unknown', 'resolved', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=200), nullable=True),
    sa.Column('remark', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name=op.f('ck_bank_transfers_resolved')),
    sa.CheckConstraint('allocated >= 0 AND allocated <= amount', name=op.f('ck_bank_transfers_allocated')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_bank_transfers_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_transfers')),
    sa.UniqueConstraint('account', 'other_reference', name=op.f('uq_bank_transfers_account_other_reference')),
    sa.UniqueConstraint('account', 'reference', name=op.f('uq_bank_transfers_account_reference')),
    sa.UniqueConstraint('code', name=op.f('uq_bank_transfers_code'))
    )
    with op.batch_alter_table('bank_transfers', schema=None) as batch_op:
        batch_op.create_index('ix_bank_transfers_account_amount', ['account', 'amount'], unique=False)
        batch_op.create_index('ix_bank_transfers_state', ['state', 'booked_at'], unique=False)

    op.create_table('bank_allocations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('sent_reference', sa.String(length=120), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('(payment_id IS NULL) = (sent_reference IS NOT NULL)', name=op.f('ck_bank_allocations_where_to')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_bank_allocations_amount')),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_bank_allocations_payment_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['bank_transfers.id'], name=op.f('fk_bank_allocations_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_allocations'))
    )
    with op.batch_alter_table('bank_allocations', schema=None) as batch_op:
        batch_op.create_index('ix_bank_allocations_payment_id', ['payment_id'], unique=False)
        batch_op.create_index('ix_bank_allocations_transfer_id', ['transfer_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('bank_allocations', schema=None) as batch_op:
        batch_op.drop_index('ix_bank_allocations_transfer_id')
        batch_op.drop_index('ix_bank_allocations_payment_id')

    op.drop_table('bank_allocations')
    with op.batch_alter_table('bank_transfers', schema=None) as batch_op:
        batch_op.drop_index('ix_bank_transfers_state')
        batch_op.drop_index('ix_bank_transfers_account_amount')

    op.drop_table('bank_transfers')
    op.drop_table('bank_feed_marks')
