"""Providers' books, what of them came to the bank, explanations; one commission rate a day

`commission_rates` has no trigger, but is left whole all the same: its indexes are made and dropped by themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020_settlements'
down_revision = '0019_vouchers'
branch_labels = None
depends_on = None

ONE = "(payment_id IS NULL) = (sent_reference IS NOT NULL)"
ONE_OF_THREE = (
    "(payment_id IS NULL OR (sent_reference IS NULL AND settles IS NULL))"
    " AND (sent_reference IS NULL OR settles IS NULL)"
    " AND (payment_id IS NOT NULL OR sent_reference IS NOT NULL OR settles IS NOT NULL)"
)
EVERYBODY = sa.text('producer_id IS NULL')


def upgrade() -> None:
    op.create_table('provider_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.Enum('charge', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'fee', 'payout', 'payout_failed', 'other', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('source', sa.String(length=255), nullable=False),
    sa.Column('presentment', sa.BigInteger(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('payout', sa.String(length=255), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('arrives_on', sa.Date(), nullable=True),
    sa.Column('descriptor', sa.String(length=120), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind IN ('payout', 'payout_failed')) = (arrives_on IS NOT NULL)", name=op.f('ck_provider_lines_arrives')),
    sa.CheckConstraint('net = amount - fee', name=op.f('ck_provider_lines_net')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_lines')),
    sa.UniqueConstraint('provider', 'reference', name=op.f('uq_provider_lines_provider_reference'))
    )
    with op.batch_alter_table('provider_lines', schema=None) as batch_op:
        batch_op.create_index('ix_provider_lines_at', ['at'], unique=False)
        batch_op.create_index('ix_provider_lines_provider_payout', ['provider', 'payout'], unique=False)
        batch_op.create_index('ix_provider_lines_source', ['source'], unique=False)

    op.create_table('provider_marks',
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('provider', name=op.f('pk_provider_marks'))
    )
    op.create_table('reconciliation_explanations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_name', sa.String(length=320), nullable=False),
    sa.Column('figures', sa.String(length=200), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_reconciliation_explanations_words')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reconciliation_explanations')),
    sa.UniqueConstraint('case_name', 'figures', name=op.f('uq_reconciliation_explanations_case_name_figures'))
    )
    op.create_table('bank_arrivals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remittance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credited', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.CheckConstraint('(line_id IS NULL) <> (remittance_id IS NULL)', name=op.f('ck_bank_arrivals_of_one')),
    sa.CheckConstraint('credited > 0', name=op.f('ck_bank_arrivals_credited')),
    sa.ForeignKeyConstraint(['line_id'], ['provider_lines.id'], name=op.f('fk_bank_arrivals_line_id')),
    sa.ForeignKeyConstraint(['remittance_id'], ['remittances.id'], name=op.f('fk_bank_arrivals_remittance_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['bank_transfers.id'], name=op.f('fk_bank_arrivals_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_arrivals')),
    sa.UniqueConstraint('line_id', name=op.f('uq_bank_arrivals_line_id')),
    sa.UniqueConstraint('remittance_id', name=op.f('uq_bank_arrivals_remittance_id')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_bank_arrivals_transfer_id'))
    )
    with op.batch_alter_table('bank_allocations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('settles', sa.String(length=120), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_bank_allocations_where_to'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_bank_allocations_where_to'), ONE_OF_THREE)

    op.drop_index('ix_commission_rates_producer_id_valid_from', 'commission_rates')
    op.create_index('uq_commission_rates_producer_id_valid_from', 'commission_rates', ['producer_id', 'valid_from'], unique=True)
    op.create_index('uq_commission_rates_everybody', 'commission_rates', ['valid_from'], unique=True, postgresql_where=EVERYBODY, sqlite_where=EVERYBODY)


def downgrade() -> None:
    op.drop_index('uq_commission_rates_everybody', 'commission_rates')
    op.drop_index('uq_commission_rates_producer_id_valid_from', 'commission_rates')
    op.create_index('ix_commission_rates_producer_id_valid_from', 'commission_rates', ['producer_id', 'valid_from'], unique=False)

    # a piece without a destination is refused: what it was stays readable as the transfer it went by
    op.execute("UPDATE bank_allocations SET sent_reference = settles, settles = NULL WHERE settles IS NOT NULL")
    with op.batch_alter_table('bank_allocations', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_bank_allocations_where_to'), type_='check')
        batch_op.drop_column('settles')
        batch_op.create_check_constraint(batch_op.f('ck_bank_allocations_where_to'), ONE)

    op.drop_table('bank_arrivals')
    op.drop_table('reconciliation_explanations')
    op.drop_table('provider_marks')
    with op.batch_alter_table('provider_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_provider_lines_source')
        batch_op.drop_index('ix_provider_lines_provider_payout')
        batch_op.drop_index('ix_provider_lines_at')

    op.drop_table('provider_lines')
