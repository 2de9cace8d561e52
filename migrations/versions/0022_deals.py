"""Deals of distributors and producers, and purchases at an agreed price
"""

import sqlalchemy as sa
from alembic import op

revision = '0022_deals'
down_revision = '0021_trade'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quote_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.Enum('g', 'kg', 'ml', 'l', 'm', 'piece', 'set', 'person', 'group', name='unit', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('monthly', sa.Boolean(), nullable=False),
    sa.Column('delivery_place', sa.String(length=300), nullable=False),
    sa.Column('wanted_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('sent_by', sa.String(length=200), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_quote_requests_quantity')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_quote_requests_distributor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_requests')),
    sa.UniqueConstraint('code', name=op.f('uq_quote_requests_code'))
    )
    with op.batch_alter_table('quote_requests', schema=None) as batch_op:
        batch_op.create_index('ix_quote_requests_distributor_id', ['distributor_id', 'sent_at'], unique=False)
    op.create_table('deals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('demand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('origin', sa.Enum('enquiry', 'demand', 'meeting', 'officer', name='origin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stage', sa.Enum('enquiry', 'requested', 'quoted', 'agreed', 'sample', 'memorandum', 'contract', 'delivering', 'repeating', 'ended', name='stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('open_key', sa.String(length=64), nullable=True),
    sa.Column('turn', sa.Enum('buyer', 'producer', 'office', name='turn', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.Enum('buyer', 'producer', 'office', name='ended_by_side', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('ended_reason', sa.String(length=500), nullable=False),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(stage = 'ended') = (ended_by IS NOT NULL)", name=op.f('ck_deals_ended_by')),
    sa.CheckConstraint("(stage = 'ended') = (open_key IS NULL)", name=op.f('ck_deals_open_key')),
    sa.CheckConstraint("stage <> 'ended' OR ended_reason <> ''", name=op.f('ck_deals_ended_reason')),
    sa.CheckConstraint('listing_id IS NOT NULL OR demand_id IS NOT NULL', name=op.f('ck_deals_about')),
    sa.ForeignKeyConstraint(['demand_id'], ['demands.id'], name=op.f('fk_deals_demand_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_deals_distributor_id')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_deals_listing_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['users.id'], name=op.f('fk_deals_officer_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_deals_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deals')),
    sa.UniqueConstraint('code', name=op.f('uq_deals_code')),
    sa.UniqueConstraint('open_key', name=op.f('uq_deals_open_key'))
    )
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.create_index('ix_deals_distributor_id', ['distributor_id', 'moved_at'], unique=False)
        batch_op.create_index('ix_deals_producer_id', ['producer_id', 'moved_at'], unique=False)
        batch_op.create_index('ix_deals_stage', ['stage', 'moved_at'], unique=False)
    op.create_table('agreed_prices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('price > 0', name=op.f('ck_agreed_prices_price')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 1000000', name=op.f('ck_agreed_prices_quantity')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_agreed_prices_user_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_agreed_prices_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreed_prices'))
    )
    with op.batch_alter_table('agreed_prices', schema=None) as batch_op:
        batch_op.create_index('ix_agreed_prices_reference', ['reference'], unique=False)
        batch_op.create_index('uq_agreed_prices_waiting', ['reference'], unique=True, sqlite_where=sa.text('used_at IS NULL'), postgresql_where=sa.text('used_at IS NULL'))
    op.create_table('appointments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_by', sa.Enum('buyer', 'producer', 'office', name='proposed_by', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'accepted', 'declined', 'countered', 'cancelled', 'held', 'buyer_absent', 'producer_absent', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('times', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('online', sa.Boolean(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('day_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hour_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(starts_at IS NOT NULL) OR state IN ('proposed', 'declined', 'countered', 'cancelled')", name=op.f('ck_appointments_accepted')),
    sa.CheckConstraint('minutes BETWEEN 10 AND 480', name=op.f('ck_appointments_minutes')),
    sa.CheckConstraint('starts_at IS NULL OR ends_at > starts_at', name=op.f('ck_appointments_time')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_appointments_deal_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_appointments_distributor_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_appointments_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointments')),
    sa.UniqueConstraint('code', name=op.f('uq_appointments_code'))
    )
    with op.batch_alter_table('appointments', schema=None) as batch_op:
        batch_op.create_index('ix_appointments_deal_id', ['deal_id'], unique=False)
        batch_op.create_index('ix_appointments_distributor_id', ['distributor_id', 'starts_at'], unique=False)
        batch_op.create_index('ix_appointments_producer_id', ['producer_id', 'starts_at'], unique=False)
        batch_op.create_index('ix_appointments_state', ['state', 'starts_at'], unique=False)
    op.create_table('deal_deliveries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('written_by', sa.Enum('buyer', 'producer', 'office', name='written_by', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('value > 0', name=op.f('ck_deal_deliveries_value')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_deliveries_deal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_deliveries'))
    )
    with op.batch_alter_table('deal_deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deal_deliveries_deal_id', ['deal_id'], unique=False)
    op.create_table('deal_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('opened', 'message', 'requested', 'quoted', 'countered', 'accepted', 'declined', 'file', 'meeting', 'sample', 'memorandum', 'contract', 'contract_ended', 'ordered', 'delivered', 'charge', 'note', 'reminded', 'ended', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('side', sa.Enum('buyer', 'producer', 'office', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stage', sa.Enum('enquiry', 'requested', 'quoted', 'agreed', 'sample', 'memorandum', 'contract', 'delivering', 'repeating', 'ended', name='stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_events_deal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_events'))
    )
    with op.batch_alter_table('deal_events', schema=None) as batch_op:
        batch_op.create_index('ix_deal_events_deal_id', ['deal_id'], unique=False)
    op.create_table('deal_files',
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.Enum('buyer', 'producer', 'office', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_files_deal_id')),
    sa.ForeignKeyConstraint(['file_id'], ['kept_files.id'], name=op.f('fk_deal_files_file_id')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_deal_files'))
    )
    with op.batch_alter_table('deal_files', schema=None) as batch_op:
        batch_op.create_index('ix_deal_files_deal_id', ['deal_id'], unique=False)
    op.create_table('deal_requests',
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_requests_deal_id')),
    sa.ForeignKeyConstraint(['request_id'], ['quote_requests.id'], name=op.f('fk_deal_requests_request_id')),
    sa.PrimaryKeyConstraint('deal_id', 'request_id', name=op.f('pk_deal_requests'))
    )
    with op.batch_alter_table('deal_requests', schema=None) as batch_op:
        batch_op.create_index('ix_deal_requests_request_id', ['request_id'], unique=False)
    op.create_table('deal_samples',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('carrier', sa.String(length=80), nullable=False),
    sa.Column('tracking_number', sa.String(length=60), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('taste', sa.String(length=500), nullable=False),
    sa.Column('packaging', sa.String(length=500), nullable=False),
    sa.Column('label', sa.String(length=500), nullable=False),
    sa.Column('price', sa.String(length=500), nullable=False),
    sa.CheckConstraint('rating IS NULL OR rating BETWEEN 1 AND 5', name=op.f('ck_deal_samples_rating')),
    sa.CheckConstraint('rating IS NULL OR received_on IS NOT NULL', name=op.f('ck_deal_samples_received')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_samples_deal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_samples'))
    )
    with op.batch_alter_table('deal_samples', schema=None) as batch_op:
        batch_op.create_index('ix_deal_samples_deal_id', ['deal_id'], unique=False)
    op.create_table('quotations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('buyer', 'producer', 'office', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('sent', 'superseded', 'accepted', 'declined', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('least_order', sa.Integer(), nullable=False),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('payment_days', sa.Integer(), nullable=False),
    sa.Column('delivery_terms', sa.String(length=500), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('sent_by', sa.String(length=200), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name=op.f('ck_quotations_answered')),
    sa.CheckConstraint('lead_days BETWEEN 0 AND 365', name=op.f('ck_quotations_lead_days')),
    sa.CheckConstraint('least_order BETWEEN 1 AND 1000000', name=op.f('ck_quotations_least_order')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_quotations_number')),
    sa.CheckConstraint('payment_days BETWEEN 0 AND 180', name=op.f('ck_quotations_payment_days')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_quotations_deal_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_quotations_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotations')),
    sa.UniqueConstraint('deal_id', 'number', name=op.f('uq_quotations_deal_id_number'))
    )
    with op.batch_alter_table('quotations', schema=None) as batch_op:
        batch_op.create_index('uq_quotations_waiting', ['deal_id'], unique=True, sqlite_where=sa.text("state = 'sent'"), postgresql_where=sa.text("state = 'sent'"))
    op.create_table('deal_papers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('memorandum', 'contract', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('volumes', sa.JSON(), nullable=False),
    sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('written_by', sa.Enum('buyer', 'producer', 'office', name='written_by', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_reason', sa.String(length=500), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ended_on IS NULL OR confirmed_at IS NOT NULL', name=op.f('ck_deal_papers_ended')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_deal_papers_term')),
    sa.CheckConstraint('value >= 0', name=op.f('ck_deal_papers_value')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_papers_deal_id')),
    sa.ForeignKeyConstraint(['offer_id'], ['wholesale_offers.id'], name=op.f('fk_deal_papers_offer_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_papers')),
    sa.UniqueConstraint('code', name=op.f('uq_deal_papers_code'))
    )
    with op.batch_alter_table('deal_papers', schema=None) as batch_op:
        batch_op.create_index('ix_deal_papers_deal_id', ['deal_id'], unique=False)
    op.create_table('quotation_tiers',
    sa.Column('quotation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('from_quantity', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('from_quantity BETWEEN 1 AND 1000000', name=op.f('ck_quotation_tiers_from_quantity')),
    sa.CheckConstraint('price > 0', name=op.f('ck_quotation_tiers_price')),
    sa.ForeignKeyConstraint(['quotation_id'], ['quotations.id'], name=op.f('fk_quotation_tiers_quotation_id')),
    sa.PrimaryKeyConstraint('quotation_id', 'from_quantity', name=op.f('pk_quotation_tiers'))
    )
    with op.batch_alter_table('basket_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_basket_lines_agreed_id'), 'agreed_prices', ['agreed_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_basket_lines_quantity'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_basket_lines_quantity'), 'quantity BETWEEN 1 AND 999 OR (agreed_id IS NOT NULL AND quantity BETWEEN 1 AND 1000000)')
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_order_lines_agreed_id'), ['agreed_id'])
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_agreed_id'), 'agreed_prices', ['agreed_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_order_lines_agreed'), 'agreed_id IS NULL OR (sale_id IS NULL AND tier_from IS NULL)')


def downgrade() -> None:
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_order_lines_agreed'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_order_lines_agreed_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_order_lines_agreed_id'), type_='unique')
        batch_op.drop_column('agreed_id')
    op.execute('DELETE FROM basket_lines WHERE agreed_id IS NOT NULL')
    with op.batch_alter_table('basket_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_basket_lines_quantity'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_basket_lines_agreed_id'), type_='foreignkey')
        batch_op.drop_column('agreed_id')
        batch_op.create_check_constraint(batch_op.f('ck_basket_lines_quantity'), 'quantity BETWEEN 1 AND 999')
    op.drop_table('quotation_tiers')
    with op.batch_alter_table('deal_papers', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_papers_deal_id')
    op.drop_table('deal_papers')
    with op.batch_alter_table('quotations', schema=None) as batch_op:
        batch_op.drop_index('uq_quotations_waiting', sqlite_where=sa.text("state = 'sent'"), postgresql_where=sa.text("state = 'sent'"))
    op.drop_table('quotations')
    with op.batch_alter_table('deal_samples', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_samples_deal_id')
    op.drop_table('deal_samples')
    with op.batch_alter_table('deal_requests', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_requests_request_id')
    op.drop_table('deal_requests')
    with op.batch_alter_table('deal_files', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_files_deal_id')
    op.drop_table('deal_files')
    with op.batch_alter_table('deal_events', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_events_deal_id')
    op.drop_table('deal_events')
    with op.batch_alter_table('deal_deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_deliveries_deal_id')
    op.drop_table('deal_deliveries')
    with op.batch_alter_table('appointments', schema=None) as batch_op:
        batch_op.drop_index('ix_appointments_state')
        batch_op.drop_index('ix_appointments_producer_id')
        batch_op.drop_index('ix_appointments_distributor_id')
        batch_op.drop_index('ix_appointments_deal_id')
    op.drop_table('appointments')
    with op.batch_alter_table('agreed_prices', schema=None) as batch_op:
        batch_op.drop_index('uq_agreed_prices_waiting', sqlite_where=sa.text('used_at IS NULL'), postgresql_where=sa.text('used_at IS NULL'))
        batch_op.drop_index('ix_agreed_prices_reference')
    op.drop_table('agreed_prices')
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.drop_index('ix_deals_stage')
        batch_op.drop_index('ix_deals_producer_id')
        batch_op.drop_index('ix_deals_distributor_id')
    op.drop_table('deals')
    with op.batch_alter_table('quote_requests', schema=None) as batch_op:
        batch_op.drop_index('ix_quote_requests_distributor_id')
    op.drop_table('quote_requests')
