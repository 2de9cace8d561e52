"""Floor plans, applications to exhibit, who stands where
"""

import sqlalchemy as sa
from alembic import op

revision = '0031_exhibitors'
down_revision = '0030_fairs'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_applications',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'waiting', 'rejected', 'offered', 'confirmed', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'no_show', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('pending', sa.Enum('offer', 'wait', 'reject', name='pending', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('pitch', sa.Text(), nullable=False),
    sa.Column('power_w', sa.Integer(), nullable=False),
    sa.Column('water', sa.Boolean(), nullable=False),
    sa.Column('cold', sa.Boolean(), nullable=False),
    sa.Column('least_area', sa.Integer(), nullable=True),
    sa.Column('wants_corner', sa.Boolean(), nullable=False),
    sa.Column('apart_from', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('wait_number', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'offered' OR answer_until IS NOT NULL", name=op.f('ck_fair_applications_offered_until')),
    sa.CheckConstraint("state NOT IN ('rejected', 'cancelled') OR reason <> ''", name=op.f('ck_fair_applications_reason')),
    sa.CheckConstraint('least_area IS NULL OR least_area BETWEEN 1 AND 2500', name=op.f('ck_fair_applications_least_area')),
    sa.CheckConstraint('power_w BETWEEN 0 AND 100000', name=op.f('ck_fair_applications_power_w')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_applications_edition_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_fair_applications_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_applications')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_applications_code')),
    sa.UniqueConstraint('edition_id', 'producer_id', name=op.f('uq_fair_applications_edition_id_producer_id'))
    )
    op.create_index('ix_fair_applications_edition_id_state', 'fair_applications', ['edition_id', 'state'], unique=False)
    op.create_table('fair_criteria',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.CheckConstraint('most BETWEEN 1 AND 100', name=op.f('ck_fair_criteria_most')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_criteria_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_criteria')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_criteria_edition_id_number'))
    )
    op.create_table('fair_halls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('depth', sa.Integer(), nullable=False),
    sa.CheckConstraint('width BETWEEN 100 AND 50000 AND depth BETWEEN 100 AND 50000', name=op.f('ck_fair_halls_size')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_halls_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_halls')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_halls_edition_id_number'))
    )
    op.create_table('fair_plans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_plans_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_plans')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_plans_edition_id_number'))
    )
    op.create_table('fair_application_papers',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('paper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_application_papers_application_id')),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_fair_application_papers_paper_id')),
    sa.PrimaryKeyConstraint('application_id', 'paper_id', name=op.f('pk_fair_application_papers'))
    )
    op.create_table('fair_badges',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_badges_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_badges')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_badges_code'))
    )
    op.create_index(op.f('ix_fair_badges_application_id'), 'fair_badges', ['application_id'], unique=False)
    op.create_table('fair_booths',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hall_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('zone_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('label', sa.String(length=12), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('depth', sa.Integer(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('power_w', sa.Integer(), nullable=False),
    sa.Column('water', sa.Boolean(), nullable=False),
    sa.Column('cold', sa.Boolean(), nullable=False),
    sa.Column('open_sides', sa.Integer(), nullable=False),
    sa.Column('blocked', sa.Boolean(), nullable=False),
    sa.CheckConstraint('open_sides BETWEEN 1 AND 4', name=op.f('ck_fair_booths_open_sides')),
    sa.CheckConstraint('price >= 0 AND power_w BETWEEN 0 AND 100000', name=op.f('ck_fair_booths_amounts')),
    sa.CheckConstraint('x >= 0 AND y >= 0 AND width BETWEEN 50 AND 5000 AND depth BETWEEN 50 AND 5000', name=op.f('ck_fair_booths_box')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_booths_edition_id')),
    sa.ForeignKeyConstraint(['hall_id'], ['fair_halls.id'], name=op.f('fk_fair_booths_hall_id')),
    sa.ForeignKeyConstraint(['zone_id'], ['fair_zones.id'], name=op.f('fk_fair_booths_zone_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_booths')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_booths_code')),
    sa.UniqueConstraint('edition_id', 'label', name=op.f('uq_fair_booths_edition_id_label'))
    )
    op.create_index('ix_fair_booths_hall_id', 'fair_booths', ['hall_id'], unique=False)
    op.create_table('fair_landmarks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hall_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('entrance', 'stage', 'desk', 'food', 'toilet', 'first_aid', 'wall', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('depth', sa.Integer(), nullable=False),
    sa.CheckConstraint('x >= 0 AND y >= 0 AND width BETWEEN 20 AND 50000 AND depth BETWEEN 20 AND 50000', name=op.f('ck_fair_landmarks_box')),
    sa.ForeignKeyConstraint(['hall_id'], ['fair_halls.id'], name=op.f('fk_fair_landmarks_hall_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_landmarks'))
    )
    op.create_index('ix_fair_landmarks_hall_id', 'fair_landmarks', ['hall_id'], unique=False)
    op.create_table('fair_scores',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('criterion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('scored_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('points >= 0', name=op.f('ck_fair_scores_points')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_scores_application_id')),
    sa.ForeignKeyConstraint(['criterion_id'], ['fair_criteria.id'], name=op.f('fk_fair_scores_criterion_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['users.id'], name=op.f('fk_fair_scores_officer_id')),
    sa.PrimaryKeyConstraint('application_id', 'criterion_id', 'officer_id', name=op.f('pk_fair_scores'))
    )
    op.create_table('fair_booth_wishes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('booth_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('(zone_id IS NULL) <> (booth_id IS NULL)', name=op.f('ck_fair_booth_wishes_zone_or_booth')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_booth_wishes_application_id')),
    sa.ForeignKeyConstraint(['booth_id'], ['fair_booths.id'], name=op.f('fk_fair_booth_wishes_booth_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['zone_id'], ['fair_zones.id'], name=op.f('fk_fair_booth_wishes_zone_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_booth_wishes')),
    sa.UniqueConstraint('application_id', 'rank', name=op.f('uq_fair_booth_wishes_application_id_rank'))
    )
    op.create_table('fair_goods',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_goods_application_id')),
    sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_fair_goods_listing_id')),
    sa.PrimaryKeyConstraint('application_id', 'listing_id', name=op.f('pk_fair_goods'))
    )
    op.create_table('fair_placings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booth_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('placed_by', sa.String(length=200), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_placings_application_id')),
    sa.ForeignKeyConstraint(['booth_id'], ['fair_booths.id'], name=op.f('fk_fair_placings_booth_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_placings'))
    )
    op.create_index('uq_fair_placings_application_id', 'fair_placings', ['application_id'], unique=True, sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.create_index('uq_fair_placings_booth_id', 'fair_placings', ['booth_id'], unique=True, sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_fair_placings_booth_id', table_name='fair_placings', sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.drop_index('uq_fair_placings_application_id', table_name='fair_placings', sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.drop_table('fair_placings')
    op.drop_table('fair_goods')
    op.drop_table('fair_booth_wishes')
    op.drop_table('fair_scores')
    op.drop_index('ix_fair_landmarks_hall_id', table_name='fair_landmarks')
    op.drop_table('fair_landmarks')
    op.drop_index('ix_fair_booths_hall_id', table_name='fair_booths')
    op.drop_table('fair_booths')
    op.drop_index(op.f('ix_fair_badges_application_id'), table_name='fair_badges')
    op.drop_table('fair_badges')
    op.drop_table('fair_application_papers')
    op.drop_table('fair_plans')
    op.drop_table('fair_halls')
    op.drop_table('fair_criteria')
    op.drop_index('ix_fair_applications_edition_id_state', table_name='fair_applications')
    op.drop_table('fair_applications')
