"""Both sides of trade: a distributor's verification, demands, wholesale offers
"""

import sqlalchemy as sa
from alembic import op

revision = '0021_trade'
down_revision = '0020_settlements'
branch_labels = None
depends_on = None

KINDS = "kind IN ('supermarket', 'shop', 'wholesaler', 'hotel', 'exporter', 'other')"
MORE_KINDS = "kind IN ('supermarket', 'shop', 'wholesaler', 'hotel', 'exporter', 'online', 'showcase', 'other')"
STANDING = sa.Enum('open', 'waiting', 'returned', 'verified', 'suspended', name='standing', native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table('distributors', schema=None) as batch_op:
        batch_op.add_column(sa.Column('country', sa.String(length=2), nullable=False, server_default='VN'))
        batch_op.add_column(sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        for name, length in (('address', 300), ('website', 200), ('registration_number', 40), ('tax_code', 20), ('contact_name', 120), ('contact_email', 254)):
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('outlets', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('standing', STANDING, nullable=False, server_default='open'))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('remark', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_distributors_kind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_distributors_kind'), MORE_KINDS)
        batch_op.create_check_constraint(batch_op.f('ck_distributors_sent'), "standing <> 'waiting' OR sent_at IS NOT NULL")
        batch_op.create_check_constraint(batch_op.f('ck_distributors_remark'), "standing NOT IN ('returned', 'suspended') OR remark <> ''")
        batch_op.create_check_constraint(batch_op.f('ck_distributors_country'), 'length(country) = 2')
        batch_op.create_check_constraint(batch_op.f('ck_distributors_outlets'), 'outlets IS NULL OR outlets > 0')
        batch_op.create_index('ix_distributors_standing', ['standing', 'sent_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_distributors_province_id'), 'administrative_units', ['province_id'], ['id'])

    op.create_table('demands',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'paused', 'closed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('sets', sa.JSON(), nullable=False),
    sa.Column('least_stars', sa.Integer(), nullable=False),
    sa.Column('papers', sa.JSON(), nullable=False),
    sa.Column('invoice', sa.Boolean(), nullable=False),
    sa.Column('barcode', sa.Boolean(), nullable=False),
    sa.Column('traceability', sa.Boolean(), nullable=False),
    sa.Column('unit', sa.Enum('g', 'kg', 'ml', 'l', 'm', 'piece', 'set', 'person', 'group', name='unit', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('volume_from', sa.Integer(), nullable=False),
    sa.Column('volume_until', sa.Integer(), nullable=True),
    sa.Column('price_ceiling', sa.BigInteger(), nullable=True),
    sa.Column('order_size', sa.Integer(), nullable=True),
    sa.Column('packagings', sa.JSON(), nullable=False),
    sa.Column('places', sa.JSON(), nullable=False),
    sa.Column('storages', sa.JSON(), nullable=False),
    sa.Column('transit_days', sa.Integer(), nullable=True),
    sa.Column('shelf_life_days', sa.Integer(), nullable=True),
    sa.Column('shelf_life_left', sa.Integer(), nullable=True),
    sa.Column('listing_fee', sa.BigInteger(), nullable=True),
    sa.Column('discount', sa.Integer(), nullable=True),
    sa.Column('payment_days', sa.Integer(), nullable=True),
    sa.Column('consignment', sa.Boolean(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('season', sa.Integer(), nullable=False),
    sa.Column('insisted', sa.JSON(), nullable=False),
    sa.Column('delivery_province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('wanted_from', sa.Date(), nullable=False),
    sa.Column('wanted_until', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint('discount IS NULL OR discount BETWEEN 0 AND 60', name=op.f('ck_demands_discount')),
    sa.CheckConstraint('least_stars BETWEEN 3 AND 5', name=op.f('ck_demands_least_stars')),
    sa.CheckConstraint('listing_fee IS NULL OR listing_fee >= 0', name=op.f('ck_demands_listing_fee')),
    sa.CheckConstraint('order_size IS NULL OR order_size > 0', name=op.f('ck_demands_order_size')),
    sa.CheckConstraint('payment_days IS NULL OR payment_days BETWEEN 0 AND 180', name=op.f('ck_demands_payment_days')),
    sa.CheckConstraint('price_ceiling IS NULL OR price_ceiling > 0', name=op.f('ck_demands_price_ceiling')),
    sa.CheckConstraint('season BETWEEN 0 AND 4094', name=op.f('ck_demands_season')),
    sa.CheckConstraint('shelf_life_days IS NULL OR shelf_life_days > 0', name=op.f('ck_demands_shelf_life_days')),
    sa.CheckConstraint('shelf_life_left IS NULL OR shelf_life_left BETWEEN 1 AND 100', name=op.f('ck_demands_shelf_life_left')),
    sa.CheckConstraint('transit_days IS NULL OR transit_days BETWEEN 0 AND 60', name=op.f('ck_demands_transit_days')),
    sa.CheckConstraint('volume_from > 0 AND (volume_until IS NULL OR volume_until >= volume_from)', name=op.f('ck_demands_volume')),
    sa.CheckConstraint('wanted_until IS NULL OR wanted_until >= wanted_from', name=op.f('ck_demands_wanted')),
    sa.ForeignKeyConstraint(['delivery_province_id'], ['administrative_units.id'], name=op.f('fk_demands_delivery_province_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_demands_distributor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demands')),
    sa.UniqueConstraint('code', name=op.f('uq_demands_code'))
    )
    with op.batch_alter_table('demands', schema=None) as batch_op:
        batch_op.create_index('ix_demands_distributor_id', ['distributor_id'], unique=False)
        batch_op.create_index('ix_demands_state', ['state', 'opened_at'], unique=False)

    op.create_table('distributor_files',
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_distributor_files_distributor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['kept_files.id'], name=op.f('fk_distributor_files_file_id')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_distributor_files'))
    )
    op.create_table('distributor_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('standing', sa.Enum('open', 'waiting', 'returned', 'verified', 'suspended', name='standing', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_distributor_steps_distributor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distributor_steps'))
    )
    with op.batch_alter_table('distributor_steps', schema=None) as batch_op:
        batch_op.create_index('ix_distributor_steps_distributor_id', ['distributor_id'], unique=False)

    op.create_table('wholesale_offers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'paused', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('unit', sa.Enum('g', 'kg', 'ml', 'l', 'm', 'piece', 'set', 'person', 'group', name='unit', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('capacity', sa.JSON(), nullable=False),
    sa.Column('committed', sa.JSON(), nullable=False),
    sa.Column('least_order', sa.Integer(), nullable=False),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('most_payment_days', sa.Integer(), nullable=True),
    sa.Column('most_discount', sa.Integer(), nullable=True),
    sa.Column('most_listing_fee', sa.BigInteger(), nullable=True),
    sa.Column('consignment', sa.Boolean(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('invoice', sa.Boolean(), nullable=False),
    sa.Column('barcode', sa.String(length=14), nullable=False),
    sa.Column('traceability', sa.Boolean(), nullable=False),
    sa.Column('storage', sa.Enum('ambient', 'cool', 'frozen', name='storage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('channels', sa.JSON(), nullable=False),
    sa.Column('first_time', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('note_en', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('lead_days BETWEEN 0 AND 120', name=op.f('ck_wholesale_offers_lead_days')),
    sa.CheckConstraint('least_order > 0', name=op.f('ck_wholesale_offers_least_order')),
    sa.CheckConstraint('most_discount IS NULL OR most_discount BETWEEN 0 AND 60', name=op.f('ck_wholesale_offers_discount')),
    sa.CheckConstraint('most_listing_fee IS NULL OR most_listing_fee >= 0', name=op.f('ck_wholesale_offers_listing_fee')),
    sa.CheckConstraint('most_payment_days IS NULL OR most_payment_days BETWEEN 0 AND 180', name=op.f('ck_wholesale_offers_payment_days')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_wholesale_offers_listing_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_wholesale_offers_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wholesale_offers')),
    sa.UniqueConstraint('code', name=op.f('uq_wholesale_offers_code')),
    sa.UniqueConstraint('listing_id', name=op.f('uq_wholesale_offers_listing_id'))
    )
    with op.batch_alter_table('wholesale_offers', schema=None) as batch_op:
        batch_op.create_index('ix_wholesale_offers_state', ['state'], unique=False)


def downgrade() -> None:
    op.drop_table('wholesale_offers')
    op.drop_table('distributor_steps')
    op.drop_table('distributor_files')
    op.drop_table('demands')
    op.execute("UPDATE distributors SET kind = 'other' WHERE kind IN ('online', 'showcase')")
    with op.batch_alter_table('distributors', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_distributors_province_id'), type_='foreignkey')
        batch_op.drop_index('ix_distributors_standing')
        for name in ('outlets', 'country', 'remark', 'sent', 'standing', 'kind'):
            batch_op.drop_constraint(batch_op.f(f'ck_distributors_{name}'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_distributors_kind'), KINDS)
        for name in ('verified_at', 'sent_at', 'remark', 'version', 'standing', 'outlets', 'contact_email', 'contact_name', 'tax_code', 'registration_number', 'website', 'address', 'province_id', 'country'):
            batch_op.drop_column(name)
