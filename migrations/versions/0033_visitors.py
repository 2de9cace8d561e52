"""Visitors of fairs: tickets, entry, seats, leads
"""

import sqlalchemy as sa
from alembic import op

revision = '0033_visitors'
down_revision = '0032_fees'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_checkin_lists',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('gate', 'session', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('daily', sa.Boolean(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ends_at IS NULL OR starts_at IS NULL OR starts_at < ends_at', name=op.f('ck_fair_checkin_lists_time')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_checkin_lists_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_checkin_lists')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_checkin_lists_code')),
    sa.UniqueConstraint('edition_id', 'name', name=op.f('uq_fair_checkin_lists_edition_id_name'))
    )
    op.create_table('fair_invitations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('whom', sa.String(length=120), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('most BETWEEN 1 AND 10000', name=op.f('ck_fair_invitations_most')),
    sa.CheckConstraint('used BETWEEN 0 AND most', name=op.f('ck_fair_invitations_used')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_invitations_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_invitations')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_invitations_code'))
    )
    op.create_index('ix_fair_invitations_edition_id', 'fair_invitations', ['edition_id'], unique=False)
    op.create_table('fair_seat_counts',
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('item', sa.String(length=16), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.CheckConstraint('taken >= 0 AND taken <= seats', name=op.f('ck_fair_seat_counts_taken')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_seat_counts_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', 'item', name=op.f('pk_fair_seat_counts'))
    )
    op.create_table('fair_ticket_counts',
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('given', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=True),
    sa.CheckConstraint('given >= 0 AND (most IS NULL OR given <= most)', name=op.f('ck_fair_ticket_counts_given')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_ticket_counts_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_fair_ticket_counts'))
    )
    op.create_table('fair_checkin_devices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('list_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['list_id'], ['fair_checkin_lists.id'], name=op.f('fk_fair_checkin_devices_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_checkin_devices')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_checkin_devices_code')),
    sa.UniqueConstraint('token', name=op.f('uq_fair_checkin_devices_token'))
    )
    op.create_index('ix_fair_checkin_devices_list_id', 'fair_checkin_devices', ['list_id'], unique=False)
    op.create_table('fair_registrations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('invitation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('place_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('buyer', 'trade', 'press', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('phone IS NOT NULL OR email IS NOT NULL', name=op.f('ck_fair_registrations_reachable')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_registrations_edition_id')),
    sa.ForeignKeyConstraint(['invitation_id'], ['fair_invitations.id'], name=op.f('fk_fair_registrations_invitation_id')),
    sa.ForeignKeyConstraint(['place_id'], ['administrative_units.id'], name=op.f('fk_fair_registrations_place_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_registrations')),
    sa.UniqueConstraint('key', name=op.f('uq_fair_registrations_key'))
    )
    op.create_index('ix_fair_registrations_edition_id', 'fair_registrations', ['edition_id'], unique=False)
    op.create_table('fair_tickets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('valid', 'unpaid', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('consent_version', sa.Integer(), nullable=True),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paid_to', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_tickets_edition_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['fair_registrations.id'], name=op.f('fk_fair_tickets_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_tickets')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_tickets_code')),
    sa.UniqueConstraint('registration_id', 'number', name=op.f('uq_fair_tickets_registration_id_number'))
    )
    op.create_index('ix_fair_tickets_edition_id_state', 'fair_tickets', ['edition_id', 'state'], unique=False)
    op.create_table('fair_visitor_letters',
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['fair_registrations.id'], name=op.f('fk_fair_visitor_letters_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', 'what', name=op.f('pk_fair_visitor_letters'))
    )
    op.create_table('fair_leads',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consent_version', sa.Integer(), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('wish', sa.Text(), nullable=False),
    sa.Column('next_action', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('rating IS NULL OR rating BETWEEN 1 AND 5', name=op.f('ck_fair_leads_rating')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_leads_application_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_leads_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_leads')),
    sa.UniqueConstraint('application_id', 'ticket_id', name=op.f('uq_fair_leads_application_id_ticket_id')),
    sa.UniqueConstraint('client_id', name=op.f('uq_fair_leads_client_id')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_leads_code'))
    )
    op.create_table('fair_scans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('list_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('typed', sa.String(length=200), nullable=False),
    sa.Column('device', sa.String(length=80), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('result', sa.Enum('ok', 'double', 'forged', 'cancelled', 'unpaid', 'unknown', 'outside_hours', 'wrong_edition', name='result', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('offline', sa.Boolean(), nullable=False),
    sa.Column('let_in', sa.Boolean(), nullable=False),
    sa.Column('against_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['against_id'], ['fair_scans.id'], name=op.f('fk_fair_scans_against_id')),
    sa.ForeignKeyConstraint(['list_id'], ['fair_checkin_lists.id'], name=op.f('fk_fair_scans_list_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_scans_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_scans')),
    sa.UniqueConstraint('client_id', name=op.f('uq_fair_scans_client_id'))
    )
    op.create_index('ix_fair_scans_list_id_scanned_at', 'fair_scans', ['list_id', 'scanned_at'], unique=False)
    op.create_index('ix_fair_scans_ticket_id', 'fair_scans', ['ticket_id'], unique=False)
    op.create_table('fair_seat_bookings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item', sa.String(length=16), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('booked', 'waiting', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_seat_bookings_edition_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_seat_bookings_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_seat_bookings'))
    )
    op.create_index('ix_fair_seat_bookings_edition_id', 'fair_seat_bookings', ['edition_id', 'item', 'state'], unique=False)
    op.create_index('uq_fair_seat_bookings_item_ticket_id', 'fair_seat_bookings', ['item', 'ticket_id'], unique=True, sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))
    op.create_table('fair_admissions',
    sa.Column('list_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('scan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('came_on', sa.Date(), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['fair_checkin_lists.id'], name=op.f('fk_fair_admissions_list_id')),
    sa.ForeignKeyConstraint(['scan_id'], ['fair_scans.id'], name=op.f('fk_fair_admissions_scan_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_admissions_ticket_id')),
    sa.PrimaryKeyConstraint('list_id', 'day', 'ticket_id', name=op.f('pk_fair_admissions'))
    )
    op.create_table('fair_lead_goods',
    sa.Column('lead_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['fair_leads.id'], name=op.f('fk_fair_lead_goods_lead_id')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_fair_lead_goods_listing_id')),
    sa.PrimaryKeyConstraint('lead_id', 'listing_id', name=op.f('pk_fair_lead_goods'))
    )


def downgrade() -> None:
    op.drop_table('fair_lead_goods')
    op.drop_table('fair_admissions')
    op.drop_index('uq_fair_seat_bookings_item_ticket_id', table_name='fair_seat_bookings', sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))
    op.drop_index('ix_fair_seat_bookings_edition_id', table_name='fair_seat_bookings')
    op.drop_table('fair_seat_bookings')
    op.drop_index('ix_fair_scans_ticket_id', table_name='fair_scans')
    op.drop_index('ix_fair_scans_list_id_scanned_at', table_name='fair_scans')
    op.drop_table('fair_scans')
    op.drop_table('fair_leads')
    op.drop_table('fair_visitor_letters')
    op.drop_index('ix_fair_tickets_edition_id_state', table_name='fair_tickets')
    op.drop_table('fair_tickets')
    op.drop_index('ix_fair_registrations_edition_id', table_name='fair_registrations')
    op.drop_table('fair_registrations')
    op.drop_index('ix_fair_checkin_devices_list_id', table_name='fair_checkin_devices')
    op.drop_table('fair_checkin_devices')
    op.drop_table('fair_ticket_counts')
    op.drop_table('fair_seat_counts')
    op.drop_index('ix_fair_invitations_edition_id', table_name='fair_invitations')
    op.drop_table('fair_invitations')
    op.drop_table('fair_checkin_lists')
