"""Pairs of a campaign that the office says must, or must not, meet
"""

import sqlalchemy as sa
from alembic import op

revision = '0027_campaign_pairs'
down_revision = '0026_campaign_hours'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign_pair_rules',
    sa.Column('producer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('buyer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ruling', sa.Enum('must', 'never', name='ruling', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('said_by', sa.String(length=200), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['buyer_participant_id'], ['campaign_participants.id'], name=op.f('fk_campaign_pair_rules_buyer_participant_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_pair_rules_campaign_id')),
    sa.ForeignKeyConstraint(['producer_participant_id'], ['campaign_participants.id'], name=op.f('fk_campaign_pair_rules_producer_participant_id')),
    sa.PrimaryKeyConstraint('producer_participant_id', 'buyer_participant_id', name=op.f('pk_campaign_pair_rules'))
    )
    with op.batch_alter_table('campaign_pair_rules', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_pair_rules_campaign_id', ['campaign_id'], unique=False)


def downgrade() -> None:
    op.drop_table('campaign_pair_rules')
