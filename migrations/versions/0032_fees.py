"""What exhibitors paid for their booths, what they were let off, which steps they were told of
"""

import sqlalchemy as sa
from alembic import op

revision = '0032_fees'
down_revision = '0031_exhibitors'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_fee_receipts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.Enum('cash', 'transfer', name='method', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('bank_reference', sa.String(length=120), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_by', sa.String(length=200), nullable=False),
    sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(method = 'transfer') = (bank_reference IS NOT NULL)", name=op.f('ck_fair_fee_receipts_reference')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_fair_fee_receipts_amount')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_fee_receipts_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_fee_receipts')),
    sa.UniqueConstraint('bank_reference', name=op.f('uq_fair_fee_receipts_bank_reference'))
    )
    op.create_index(op.f('ix_fair_fee_receipts_application_id'), 'fair_fee_receipts', ['application_id'], unique=False)
    op.create_table('fair_fee_waivers',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('waived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waived_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_fee_waivers_application_id')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_fair_fee_waivers'))
    )
    op.create_table('fair_steps_told',
    sa.Column('step_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['step_id'], ['fair_steps.id'], name=op.f('fk_fair_steps_told_step_id')),
    sa.PrimaryKeyConstraint('step_id', name=op.f('pk_fair_steps_told'))
    )


def downgrade() -> None:
    op.drop_table('fair_steps_told')
    op.drop_table('fair_fee_waivers')
    op.drop_index(op.f('ix_fair_fee_receipts_application_id'), table_name='fair_fee_receipts')
    op.drop_table('fair_fee_receipts')
