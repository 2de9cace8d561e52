"""The programme: a year's plan, outreach, support, sums of sales; orders are found by their day
"""

import sqlalchemy as sa
from alembic import op

revision = '0050_programme'
down_revision = '0041_placements'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sales_counts',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seen_event', sa.BigInteger(), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('whole_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_sales_counts_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_counts'))
    )
    op.create_table('outreach_activities',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('broadcast', 'article', 'training', 'meeting', 'other', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('audience', sa.String(length=200), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_why', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why = '')", name=op.f('ck_outreach_activities_withdrawn_with_reason')),
    sa.CheckConstraint('people BETWEEN 0 AND 10000000', name=op.f('ck_outreach_activities_people')),
    sa.ForeignKeyConstraint(['unit_id'], ['administrative_units.id'], name=op.f('fk_outreach_activities_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outreach_activities')),
    sa.UniqueConstraint('code', name=op.f('uq_outreach_activities_code'))
    )
    op.create_index('ix_outreach_activities_held_on', 'outreach_activities', ['held_on'], unique=False)
    op.create_index('ix_outreach_activities_unit_id', 'outreach_activities', ['unit_id'], unique=False)

    op.create_table('plan_years',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('decision_number', sa.String(length=64), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('priority_sets', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint("decision_number <> ''", name=op.f('ck_plan_years_decision')),
    sa.CheckConstraint('year BETWEEN 2018 AND 2100', name=op.f('ck_plan_years_year')),
    sa.ForeignKeyConstraint(['province_id'], ['administrative_units.id'], name=op.f('fk_plan_years_province_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_years')),
    sa.UniqueConstraint('province_id', 'year', name=op.f('uq_plan_years_province_id_year'))
    )
    op.create_table('sales_sums',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dimension', sa.Enum('set', 'kind', 'led', name='dimension', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('units', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['administrative_units.id'], name=op.f('fk_sales_sums_commune_id')),
    sa.PrimaryKeyConstraint('month', 'commune_id', 'dimension', 'key', name=op.f('pk_sales_sums'))
    )
    op.create_index('ix_sales_sums_dimension_month', 'sales_sums', ['dimension', 'month'], unique=False)

    op.create_table('outreach_files',
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['outreach_activities.id'], name=op.f('fk_outreach_files_activity_id')),
    sa.ForeignKeyConstraint(['file_id'], ['kept_files.id'], name=op.f('fk_outreach_files_file_id')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_outreach_files'))
    )
    op.create_index('ix_outreach_files_activity_id', 'outreach_files', ['activity_id'], unique=False)

    op.create_table('plan_targets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('indicator', sa.Enum('new_products', 'upgrades', 'priority_products', 'showcase_points', 'people_reached', 'activities', 'producers_supported', name='indicator', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=True),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.CheckConstraint('least BETWEEN 0 AND 10000000', name=op.f('ck_plan_targets_least')),
    sa.CheckConstraint('most IS NULL OR most BETWEEN least AND 10000000', name=op.f('ck_plan_targets_most')),
    sa.CheckConstraint('weight BETWEEN 1 AND 5', name=op.f('ck_plan_targets_weight')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan_years.id'], name=op.f('fk_plan_targets_plan_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['administrative_units.id'], name=op.f('fk_plan_targets_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_targets')),
    sa.UniqueConstraint('plan_id', 'indicator', 'unit_id', name=op.f('uq_plan_targets_plan_id_indicator_unit_id'))
    )
    op.create_index('ix_plan_targets_unit_id', 'plan_targets', ['unit_id'], unique=False)

    op.create_table('producer_support',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('subsidy', 'training', 'packaging', 'tests', 'other', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('programme', sa.String(length=200), nullable=False),
    sa.Column('decision_number', sa.String(length=64), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_why', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why = '')", name=op.f('ck_producer_support_withdrawn_with_reason')),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_producer_support_amount')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_producer_support_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_producer_support')),
    sa.UniqueConstraint('code', name=op.f('uq_producer_support_code'))
    )
    op.create_index('ix_producer_support_given_on', 'producer_support', ['given_on'], unique=False)
    op.create_index('ix_producer_support_producer_id', 'producer_support', ['producer_id'], unique=False)

    op.create_table('sales_effects',
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('certification', 'upgrade', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('pairs', sa.Integer(), nullable=False),
    sa.Column('before', sa.BigInteger(), nullable=False),
    sa.Column('after', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('pairs BETWEEN 0 AND 11', name=op.f('ck_sales_effects_pairs')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_sales_effects_certificate_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('certificate_id', name=op.f('pk_sales_effects'))
    )
    op.create_index('ix_orders_placed_at', 'orders', ['placed_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_orders_placed_at', table_name='orders')
    op.drop_table('sales_effects')
    op.drop_index('ix_producer_support_producer_id', table_name='producer_support')
    op.drop_index('ix_producer_support_given_on', table_name='producer_support')

    op.drop_table('producer_support')
    op.drop_index('ix_plan_targets_unit_id', table_name='plan_targets')

    op.drop_table('plan_targets')
    op.drop_index('ix_outreach_files_activity_id', table_name='outreach_files')

    op.drop_table('outreach_files')
    op.drop_index('ix_sales_sums_dimension_month', table_name='sales_sums')

    op.drop_table('sales_sums')
    op.drop_table('plan_years')
    op.drop_index('ix_outreach_activities_unit_id', table_name='outreach_activities')
    op.drop_index('ix_outreach_activities_held_on', table_name='outreach_activities')

    op.drop_table('outreach_activities')
    op.drop_table('sales_counts')
