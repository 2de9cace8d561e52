"""Wishes between parties, weights of the score by version, how often each was shown
"""

import sqlalchemy as sa
from alembic import op

revision = '0023_matching'
down_revision = '0022_deals'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('match_weights',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('buyer', sa.JSON(), nullable=False),
    sa.Column('producer', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_match_weights_number')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_match_weights'))
    )
    op.create_table('party_wishes',
    sa.Column('distributor_id', ROW, autoincrement=False, nullable=False),
    sa.Column('producer_id', ROW, autoincrement=False, nullable=False),
    sa.Column('by_buyer', sa.Boolean(), nullable=False),
    sa.Column('wish', sa.Enum('must', 'meet', 'no', name='wish', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_party_wishes_distributor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_party_wishes_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('distributor_id', 'producer_id', 'by_buyer', name=op.f('pk_party_wishes'))
    )
    op.create_table('shown_demands',
    sa.Column('demand_id', ROW, autoincrement=False, nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['demand_id'], ['demands.id'], name=op.f('fk_shown_demands_demand_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('demand_id', name=op.f('pk_shown_demands'))
    )
    op.create_table('shown_offers',
    sa.Column('offer_id', ROW, autoincrement=False, nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['offer_id'], ['wholesale_offers.id'], name=op.f('fk_shown_offers_offer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offer_id', name=op.f('pk_shown_offers'))
    )


def downgrade() -> None:
    op.drop_table('shown_offers')
    op.drop_table('shown_demands')
    op.drop_table('party_wishes')
    op.drop_table('match_weights')
