"""Fairs: editions, their plan, steps and programme
"""

import sqlalchemy as sa
from alembic import op

revision = '0030_fairs'
down_revision = '0027_campaign_pairs'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fairs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fairs')),
    sa.UniqueConstraint('code', name=op.f('uq_fairs_code'))
    )
    op.create_table('fair_editions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fair_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('slug', sa.String(length=96), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('summary_en', sa.String(length=300), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('about_en', sa.Text(), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'selection', 'allocated', 'running', 'closed', 'reported', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('applications_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applications_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('least_stars', sa.Integer(), nullable=False),
    sa.Column('entry', sa.Enum('open', 'invited', name='entry', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('ticket_price', sa.BigInteger(), nullable=False),
    sa.Column('most_visitors', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_fair_editions_coordinates')),
    sa.CheckConstraint('answer_days BETWEEN 1 AND 60', name=op.f('ck_fair_editions_answer_days')),
    sa.CheckConstraint('applications_from < applications_until', name=op.f('ck_fair_editions_window')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_fair_editions_days')),
    sa.CheckConstraint('least_stars BETWEEN 3 AND 5', name=op.f('ck_fair_editions_least_stars')),
    sa.CheckConstraint('most_visitors IS NULL OR most_visitors > 0', name=op.f('ck_fair_editions_most_visitors')),
    sa.CheckConstraint('opens < closes', name=op.f('ck_fair_editions_hours')),
    sa.CheckConstraint('ticket_price >= 0', name=op.f('ck_fair_editions_ticket_price')),
    sa.ForeignKeyConstraint(['fair_id'], ['fairs.id'], name=op.f('fk_fair_editions_fair_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_editions')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_editions_code')),
    sa.UniqueConstraint('fair_id', 'number', name=op.f('uq_fair_editions_fair_id_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_fair_editions_slug'))
    )
    op.create_index('ix_fair_editions_state', 'fair_editions', ['state', 'first_day'], unique=False)
    op.create_table('fair_budget_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=120), nullable=False),
    sa.Column('planned', sa.BigInteger(), nullable=False),
    sa.Column('spent', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('planned >= 0 AND spent >= 0', name=op.f('ck_fair_budget_lines_amounts')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_budget_lines_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_budget_lines')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_budget_lines_edition_id_number'))
    )
    op.create_table('fair_programme',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('about_en', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('speaker', sa.String(length=200), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_fair_programme_time')),
    sa.CheckConstraint('seats IS NULL OR seats > 0', name=op.f('ck_fair_programme_seats')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_programme_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_programme')),
    sa.UniqueConstraint('code', name=op.f('uq_fair_programme_code'))
    )
    op.create_index('ix_fair_programme_edition_id', 'fair_programme', ['edition_id', 'starts_at'], unique=False)
    op.create_table('fair_programme_releases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_programme_releases_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_programme_releases')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_programme_releases_edition_id_number'))
    )
    op.create_table('fair_quotas',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=20), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.CheckConstraint('most >= 0', name=op.f('ck_fair_quotas_most')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_quotas_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_quotas')),
    sa.UniqueConstraint('edition_id', 'place', name=op.f('uq_fair_quotas_edition_id_place'))
    )
    op.create_table('fair_sets',
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('set_code', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_sets_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', 'set_code', name=op.f('pk_fair_sets'))
    )
    op.create_table('fair_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('left', sa.Enum('draft', 'open', 'selection', 'allocated', 'running', 'closed', 'reported', 'cancelled', name='left', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('entered', sa.Enum('draft', 'open', 'selection', 'allocated', 'running', 'closed', 'reported', 'cancelled', name='entered', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_steps_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_steps')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_steps_edition_id_number'))
    )
    op.create_table('fair_zones',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_zones_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_zones')),
    sa.UniqueConstraint('edition_id', 'name', name=op.f('uq_fair_zones_edition_id_name')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_zones_edition_id_number'))
    )


def downgrade() -> None:
    op.drop_table('fair_zones')
    op.drop_table('fair_steps')
    op.drop_table('fair_sets')
    op.drop_table('fair_quotas')
    op.drop_table('fair_programme_releases')
    op.drop_index('ix_fair_programme_edition_id', table_name='fair_programme')
    op.drop_table('fair_programme')
    op.drop_table('fair_budget_lines')
    op.drop_index('ix_fair_editions_state', table_name='fair_editions')
    op.drop_table('fair_editions')
    op.drop_table('fairs')
