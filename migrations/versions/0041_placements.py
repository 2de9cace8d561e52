"""Collections, seasons, placements in the shop window and how often they were seen
"""

import sqlalchemy as sa
from alembic import op

revision = '0041_placements'
down_revision = '0040_charges'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('collections',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('slug', sa.String(length=96), nullable=False),
    sa.Column('kind', sa.Enum('theme', 'basket', 'season', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('summary_en', sa.String(length=300), nullable=False),
    sa.Column('story', sa.Text(), nullable=False),
    sa.Column('story_en', sa.Text(), nullable=False),
    sa.Column('picture', sa.String(length=48), nullable=True),
    sa.Column('picture_alt', sa.String(length=200), nullable=False),
    sa.Column('picture_alt_en', sa.String(length=200), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(kind = 'season') = (first_day IS NOT NULL)", name=op.f('ck_collections_season_has_days')),
    sa.CheckConstraint("(picture IS NULL) = (picture_alt = '')", name=op.f('ck_collections_picture_told')),
    sa.CheckConstraint('(first_day IS NULL) = (last_day IS NULL)', name=op.f('ck_collections_days_whole')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_collections_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collections')),
    sa.UniqueConstraint('code', name=op.f('uq_collections_code')),
    sa.UniqueConstraint('slug', name=op.f('uq_collections_slug'))
    )
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.create_index('ix_collections_kind_published_at', ['kind', 'published_at'], unique=False)

    op.create_table('season_parts',
    sa.Column('season_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('season_id <> part_id', name=op.f('ck_season_parts_not_itself')),
    sa.ForeignKeyConstraint(['part_id'], ['collections.id'], name=op.f('fk_season_parts_part_id')),
    sa.ForeignKeyConstraint(['season_id'], ['collections.id'], name=op.f('fk_season_parts_season_id')),
    sa.PrimaryKeyConstraint('season_id', 'part_id', name=op.f('pk_season_parts'))
    )
    op.create_table('season_vouchers',
    sa.Column('season_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('voucher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['season_id'], ['collections.id'], name=op.f('fk_season_vouchers_season_id')),
    sa.ForeignKeyConstraint(['voucher_id'], ['vouchers.id'], name=op.f('fk_season_vouchers_voucher_id')),
    sa.PrimaryKeyConstraint('season_id', 'voucher_id', name=op.f('pk_season_vouchers'))
    )
    op.create_table('collection_items',
    sa.Column('collection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity BETWEEN 1 AND 99', name=op.f('ck_collection_items_quantity')),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_collection_items_collection_id')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_collection_items_listing_id')),
    sa.PrimaryKeyConstraint('collection_id', 'listing_id', name=op.f('pk_collection_items'))
    )
    with op.batch_alter_table('collection_items', schema=None) as batch_op:
        batch_op.create_index('ix_collection_items_listing_id', ['listing_id'], unique=False)

    op.create_table('placements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=True),
    sa.Column('place', sa.Enum('home_banner', 'featured_row', 'seasonal', 'category_head', 'producer_of_week', 'gift_baskets', name='place', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('collection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Enum('both', 'vi', 'en', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(place = 'category_head') = (category <> '')", name=op.f('ck_placements_category')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_placements_reason')),
    sa.CheckConstraint('(CASE WHEN listing_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN producer_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN collection_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_placements_one_target')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_placements_days')),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_placements_collection_id')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_placements_listing_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_placements_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placements')),
    sa.UniqueConstraint('code', name=op.f('uq_placements_code')),
    sa.UniqueConstraint('key', name=op.f('uq_placements_key'))
    )
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.create_index('ix_placements_listing_id', ['listing_id'], unique=False)
        batch_op.create_index('ix_placements_place_last_day', ['place', 'last_day'], unique=False)
        batch_op.create_index('ix_placements_producer_id', ['producer_id'], unique=False)

    op.create_table('placement_days',
    sa.Column('placement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('clicked', sa.Integer(), nullable=False),
    sa.CheckConstraint('shown >= 0 AND clicked >= 0', name=op.f('ck_placement_days_counts')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_placement_days_placement_id')),
    sa.PrimaryKeyConstraint('placement_id', 'day', name=op.f('pk_placement_days'))
    )
    with op.batch_alter_table('placement_days', schema=None) as batch_op:
        batch_op.create_index('ix_placement_days_day', ['day'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('placement_days', schema=None) as batch_op:
        batch_op.drop_index('ix_placement_days_day')

    op.drop_table('placement_days')
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.drop_index('ix_placements_producer_id')
        batch_op.drop_index('ix_placements_place_last_day')
        batch_op.drop_index('ix_placements_listing_id')

    op.drop_table('placements')
    with op.batch_alter_table('collection_items', schema=None) as batch_op:
        batch_op.drop_index('ix_collection_items_listing_id')

    op.drop_table('collection_items')
    op.drop_table('season_vouchers')
    op.drop_table('season_parts')
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.drop_index('ix_collections_kind_published_at')

    op.drop_table('collections')
