"""Booths and tickets are paid by every way: a payment is of an order or of a charge, and carries its number
"""

import sqlalchemy as sa
from alembic import op

revision = '0040_charges'
down_revision = '0037_placing_without_why'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = (
    "buyers", "producer", "commission", "charges", "shipping", "vouchers", "tax_withheld", "refunds", "carrier",
    "provider", "provider_fees", "disputes", "bank", "unmatched", "payouts", "exchange",
)


def _kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("ledger_accounts") as batch:
        batch.drop_constraint(op.f("ck_ledger_accounts_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_ledger_accounts_kind"), sa.column("kind").in_(kinds))


def upgrade() -> None:
    op.create_table(
        'charges',
        sa.Column('id', ROW, nullable=False),
        sa.Column('number', sa.String(length=16), nullable=False),
        sa.Column('kind', sa.Enum('booth', 'tickets', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('title_en', sa.String(length=200), nullable=False),
        sa.Column('recipient', sa.String(length=120), nullable=False),
        sa.Column('phone', sa.String(length=16), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=False),
        sa.Column('page', sa.String(length=300), nullable=False),
        sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('pay_until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_charges')),
        sa.UniqueConstraint('number', name=op.f('uq_charges_number')),
    )
    with op.batch_alter_table('payments') as batch:
        batch.add_column(sa.Column('number', sa.String(length=16), nullable=True))
        batch.add_column(sa.Column('charge_id', ROW, nullable=True))
        batch.alter_column('order_id', existing_type=ROW, nullable=True)
    op.execute('UPDATE payments SET number = (SELECT number FROM orders WHERE orders.id = payments.order_id)')
    with op.batch_alter_table('payments') as batch:
        batch.alter_column('number', existing_type=sa.String(length=16), nullable=False)
        batch.create_unique_constraint(op.f('uq_payments_number'), ['number'])
        batch.create_unique_constraint(op.f('uq_payments_charge_id'), ['charge_id'])
        batch.create_foreign_key(op.f('fk_payments_charge_id'), 'charges', ['charge_id'], ['id'])
        batch.create_check_constraint(op.f('ck_payments_of_one'), '(order_id IS NULL) <> (charge_id IS NULL)')
        batch.create_check_constraint(op.f('ck_payments_charge_method'), "charge_id IS NULL OR method <> 'cash_on_delivery'")
    _kinds(KINDS)
    op.create_table(
        'fair_fee_charges',
        sa.Column('charge_id', ROW, autoincrement=False, nullable=False),
        sa.Column('application_id', ROW, nullable=False),
        sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_fee_charges_application_id')),
        sa.ForeignKeyConstraint(['charge_id'], ['charges.id'], name=op.f('fk_fair_fee_charges_charge_id')),
        sa.PrimaryKeyConstraint('charge_id', name=op.f('pk_fair_fee_charges')),
    )
    op.create_index(op.f('ix_fair_fee_charges_application_id'), 'fair_fee_charges', ['application_id'], unique=False)
    op.create_table(
        'fair_ticket_charges',
        sa.Column('charge_id', ROW, autoincrement=False, nullable=False),
        sa.Column('ticket_id', ROW, autoincrement=False, nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('returned_at IS NULL OR settled_at IS NOT NULL', name=op.f('ck_fair_ticket_charges_returned')),
        sa.ForeignKeyConstraint(['charge_id'], ['charges.id'], name=op.f('fk_fair_ticket_charges_charge_id')),
        sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_ticket_charges_ticket_id')),
        sa.PrimaryKeyConstraint('charge_id', 'ticket_id', name=op.f('pk_fair_ticket_charges')),
    )
    op.create_index(op.f('ix_fair_ticket_charges_ticket_id'), 'fair_ticket_charges', ['ticket_id'], unique=False)


def downgrade() -> None:
    op.drop_table('fair_ticket_charges')
    op.drop_table('fair_fee_charges')
    _kinds(tuple(kind for kind in KINDS if kind != "charges"))
    with op.batch_alter_table('payments') as batch:
        batch.drop_constraint(op.f('ck_payments_charge_method'), type_='check')
        batch.drop_constraint(op.f('ck_payments_of_one'), type_='check')
        batch.drop_constraint(op.f('fk_payments_charge_id'), type_='foreignkey')
        batch.drop_constraint(op.f('uq_payments_charge_id'), type_='unique')
        batch.drop_constraint(op.f('uq_payments_number'), type_='unique')
        batch.drop_column('charge_id')
        batch.drop_column('number')
        batch.alter_column('order_id', existing_type=ROW, nullable=False)
    op.drop_table('charges')
