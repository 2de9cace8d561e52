"""Showcase points; places where buyers fetch orders; pictures that public pages show beside those of listings
"""

import sqlalchemy as sa
from alembic import op

revision = '0060_showcase'
down_revision = '0055_changes'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_pictures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=48), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_pictures')),
    sa.UniqueConstraint('name', name=op.f('uq_kept_pictures_name'))
    )

    op.create_table('pickup_points',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('street', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('page', sa.String(length=120), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('fee >= 0', name=op.f('ck_pickup_points_fee')),
    sa.ForeignKeyConstraint(['commune_id'], ['administrative_units.id'], name=op.f('fk_pickup_points_commune_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_pickup_points_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pickup_points')),
    sa.UniqueConstraint('code', name=op.f('uq_pickup_points_code'))
    )

    op.create_table('showcase_points',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('slug', sa.String(length=96), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('station', 'rest_stop', 'market', 'tourism', 'craft_village', 'service_centre', 'fair_centre', 'post_office', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'closed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('street', sa.String(length=200), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('about_en', sa.Text(), nullable=False),
    sa.Column('managed_by', sa.String(length=200), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('authority', sa.String(length=200), nullable=False),
    sa.Column('decision_number', sa.String(length=60), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('pickup_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state = 'draft' OR (decision_number <> '' AND decided_on IS NOT NULL)", name=op.f('ck_showcase_points_decision')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_showcase_points_coordinates')),
    sa.CheckConstraint('pickup_id IS NULL OR organisation_id IS NOT NULL', name=op.f('ck_showcase_points_pickup_kept')),
    sa.ForeignKeyConstraint(['commune_id'], ['administrative_units.id'], name=op.f('fk_showcase_points_commune_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_showcase_points_organisation_id')),
    sa.ForeignKeyConstraint(['pickup_id'], ['pickup_points.id'], name=op.f('fk_showcase_points_pickup_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_points')),
    sa.UniqueConstraint('code', name=op.f('uq_showcase_points_code')),
    sa.UniqueConstraint('pickup_id', name=op.f('uq_showcase_points_pickup_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_showcase_points_slug'))
    )

    with op.batch_alter_table('showcase_points', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_points_organisation_id', ['organisation_id'], unique=False)
        batch_op.create_index('ix_showcase_points_state', ['state', 'name'], unique=False)

    op.create_table('showcase_closures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_showcase_closures_days')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_closures_point_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_closures')),
    sa.UniqueConstraint('code', name=op.f('uq_showcase_closures_code'))
    )

    with op.batch_alter_table('showcase_closures', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_closures_point_id', ['point_id'], unique=False)

    op.create_table('showcase_hours',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.CheckConstraint('opens <> closes', name=op.f('ck_showcase_hours_hours')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_showcase_hours_weekday')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_hours_point_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_hours')),
    sa.UniqueConstraint('point_id', 'weekday', 'opens', name=op.f('uq_showcase_hours_point_id_weekday_opens'))
    )

    op.create_table('showcase_photos',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('picture_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alt', sa.String(length=200), nullable=False),
    sa.Column('alt_en', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['picture_id'], ['kept_pictures.id'], name=op.f('fk_showcase_photos_picture_id')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_photos_point_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_photos')),
    sa.UniqueConstraint('picture_id', name=op.f('uq_showcase_photos_picture_id'))
    )

    with op.batch_alter_table('showcase_photos', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_photos_point_id', ['point_id'], unique=False)

    op.create_table('showcase_visits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('visitors', sa.String(length=200), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('advice', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_visits_point_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_visits')),
    sa.UniqueConstraint('code', name=op.f('uq_showcase_visits_code'))
    )

    with op.batch_alter_table('showcase_visits', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_visits_point_id', ['point_id', 'visited_on'], unique=False)

    op.create_table('showcase_goods',
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_showcase_goods_listing_id')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_goods_point_id')),
    sa.PrimaryKeyConstraint('point_id', 'listing_id', name=op.f('pk_showcase_goods'))
    )

    with op.batch_alter_table('showcase_goods', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_goods_listing_id', ['listing_id'], unique=False)

    op.create_table('showcase_visit_photos',
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['kept_files.id'], name=op.f('fk_showcase_visit_photos_file_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['showcase_visits.id'], name=op.f('fk_showcase_visit_photos_visit_id')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_showcase_visit_photos'))
    )

    op.create_table('showcase_moves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('received', 'sold', 'returned', 'spoiled', 'undone', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('units', sa.Integer(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(kind = 'sold') = (unit_price IS NOT NULL)", name=op.f('ck_showcase_moves_price')),
    sa.CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name=op.f('ck_showcase_moves_undoes')),
    sa.CheckConstraint('unit_price IS NULL OR unit_price >= 0', name=op.f('ck_showcase_moves_unit_price')),
    sa.CheckConstraint('units > 0', name=op.f('ck_showcase_moves_units')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_moves_point_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['showcase_moves.id'], name=op.f('fk_showcase_moves_undoes_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_showcase_moves_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showcase_moves')),
    sa.UniqueConstraint('code', name=op.f('uq_showcase_moves_code')),
    sa.UniqueConstraint('key', name=op.f('uq_showcase_moves_key')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_showcase_moves_undoes_id'))
    )

    with op.batch_alter_table('showcase_moves', schema=None) as batch_op:
        batch_op.create_index('ix_showcase_moves_point_id_day', ['point_id', 'day'], unique=False)

    op.create_table('showcase_stock',
    sa.Column('point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('units', sa.Integer(), nullable=False),
    sa.CheckConstraint('units >= 0', name=op.f('ck_showcase_stock_units')),
    sa.ForeignKeyConstraint(['point_id'], ['showcase_points.id'], name=op.f('fk_showcase_stock_point_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_showcase_stock_variant_id')),
    sa.PrimaryKeyConstraint('point_id', 'variant_id', name=op.f('pk_showcase_stock'))
    )

    with op.batch_alter_table('checkout_drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pickup_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_checkout_drafts_pickup_id'), 'pickup_points', ['pickup_id'], ['id'])
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pickup_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('pickup_name', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('pickup_code', sa.String(length=8), nullable=True))
        batch_op.create_index('ix_orders_pickup_id', ['pickup_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_orders_pickup_id'), 'pickup_points', ['pickup_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_orders_pickup'), "(pickup_id IS NULL) = (pickup_name IS NULL) AND (pickup_id IS NULL) = (pickup_code IS NULL)")
        batch_op.create_check_constraint(batch_op.f('ck_orders_pickup_prepaid'), "pickup_id IS NULL OR payment_method <> 'cash_on_delivery'")
    with op.batch_alter_table('order_parts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('order_parts', schema=None) as batch_op:
        batch_op.drop_column('arrived_at')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_orders_pickup_prepaid'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_orders_pickup'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_orders_pickup_id'), type_='foreignkey')
        batch_op.drop_index('ix_orders_pickup_id')
        batch_op.drop_column('pickup_code')
        batch_op.drop_column('pickup_name')
        batch_op.drop_column('pickup_id')
    with op.batch_alter_table('checkout_drafts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_checkout_drafts_pickup_id'), type_='foreignkey')
        batch_op.drop_column('pickup_id')
    op.drop_table('showcase_stock')
    op.drop_table('showcase_moves')
    op.drop_table('showcase_visit_photos')
    op.drop_table('showcase_goods')
    op.drop_table('showcase_visits')
    op.drop_table('showcase_photos')
    op.drop_table('showcase_hours')
    op.drop_table('showcase_closures')
    op.drop_table('showcase_points')
    op.drop_table('pickup_points')
    op.drop_table('kept_pictures')
