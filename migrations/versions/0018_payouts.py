"""Books checked, payouts, carriers' remittances, tax filings
"""

import sqlalchemy as sa
from alembic import op

revision = '0018_payouts'
down_revision = '0017_bank'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('book_checks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('faults', sa.Integer(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_book_checks'))
    )
    op.create_table('remittances',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('carrier', sa.String(length=120), nullable=False),
    sa.Column('bank_reference', sa.String(length=80), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by', sa.String(length=120), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=120), nullable=False),
    sa.Column('settled_note', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(settled_at IS NULL) = (settled_note = '')", name=op.f('ck_remittances_settled')),
    sa.CheckConstraint('amount > 0 AND due > 0', name=op.f('ck_remittances_amounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remittances')),
    sa.UniqueConstraint('carrier', 'bank_reference', name=op.f('uq_remittances_carrier_bank_reference')),
    sa.UniqueConstraint('code', name=op.f('uq_remittances_code'))
    )
    op.create_table('tax_filings',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('vat', sa.BigInteger(), nullable=False),
    sa.Column('income_tax', sa.BigInteger(), nullable=False),
    sa.Column('bank_reference', sa.String(length=80), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paid_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint('vat >= 0 AND income_tax >= 0', name=op.f('ck_tax_filings_amounts')),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_tax_filings'))
    )
    op.create_table('payout_batches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('state', sa.Enum('draft', 'approved', 'sent', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('earned_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=120), nullable=False),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by', sa.String(length=120), nullable=False),
    sa.Column('bank_reference', sa.String(length=80), nullable=False),
    sa.CheckConstraint("(state = 'sent') = (bank_reference <> '')", name=op.f('ck_payout_batches_sent')),
    sa.CheckConstraint("(state IN ('approved', 'sent')) = (approved_by_id IS NOT NULL)", name=op.f('ck_payout_batches_approved')),
    sa.CheckConstraint('approved_by_id <> made_by_id', name=op.f('ck_payout_batches_two_people')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_payout_batches_approved_by_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_payout_batches_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_batches')),
    sa.UniqueConstraint('code', name=op.f('uq_payout_batches_code'))
    )
    with op.batch_alter_table('payout_batches', schema=None) as batch_op:
        batch_op.create_index('ix_payout_batches_state', ['state'], unique=False)

    op.create_table('payout_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_bin', sa.String(length=6), nullable=False),
    sa.Column('bank_name', sa.String(length=100), nullable=False),
    sa.Column('account_number', sa.String(length=24), nullable=False),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('state', sa.Enum('planned', 'approved', 'sent', 'failed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('trouble', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state <> 'failed' OR trouble <> ''", name=op.f('ck_payout_lines_failed_with_reason')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payout_lines_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['bank_accounts.id'], name=op.f('fk_payout_lines_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_lines_batch_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_payout_lines_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_lines')),
    sa.UniqueConstraint('batch_id', 'producer_id', name=op.f('uq_payout_lines_batch_id_producer_id'))
    )
    with op.batch_alter_table('payout_lines', schema=None) as batch_op:
        batch_op.create_index('ix_payout_lines_producer_id', ['producer_id'], unique=False)

    op.create_table('remitted_parts',
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('remittance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['part_id'], ['order_parts.id'], name=op.f('fk_remitted_parts_part_id')),
    sa.ForeignKeyConstraint(['remittance_id'], ['remittances.id'], name=op.f('fk_remitted_parts_remittance_id')),
    sa.PrimaryKeyConstraint('part_id', name=op.f('pk_remitted_parts'))
    )
    with op.batch_alter_table('remitted_parts', schema=None) as batch_op:
        batch_op.create_index('ix_remitted_parts_remittance_id', ['remittance_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('remitted_parts', schema=None) as batch_op:
        batch_op.drop_index('ix_remitted_parts_remittance_id')

    op.drop_table('remitted_parts')
    with op.batch_alter_table('payout_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_payout_lines_producer_id')

    op.drop_table('payout_lines')
    with op.batch_alter_table('payout_batches', schema=None) as batch_op:
        batch_op.drop_index('ix_payout_batches_state')

    op.drop_table('payout_batches')
    op.drop_table('tax_filings')
    op.drop_table('remittances')
    op.drop_table('book_checks')
