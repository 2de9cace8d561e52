"""What those who came think of a fair; campaigns held at a fair
"""

import sqlalchemy as sa
from alembic import op

revision = '0036_feedback'
down_revision = '0035_stands'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_campaigns',
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_fair_campaigns_campaign_id')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_campaigns_edition_id')),
    sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_fair_campaigns'))
    )
    op.create_index(op.f('ix_fair_campaigns_edition_id'), 'fair_campaigns', ['edition_id'], unique=False)
    op.create_table('fair_feedback',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(application_id IS NULL) <> (ticket_id IS NULL)', name=op.f('ck_fair_feedback_one_side')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_fair_feedback_rating')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_fair_feedback_application_id')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_feedback_edition_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['fair_tickets.id'], name=op.f('fk_fair_feedback_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_feedback')),
    sa.UniqueConstraint('application_id', name=op.f('uq_fair_feedback_application_id')),
    sa.UniqueConstraint('ticket_id', name=op.f('uq_fair_feedback_ticket_id'))
    )
    op.create_index('ix_fair_feedback_edition_id', 'fair_feedback', ['edition_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_fair_feedback_edition_id', table_name='fair_feedback')
    op.drop_table('fair_feedback')
    op.drop_index(op.f('ix_fair_campaigns_edition_id'), table_name='fair_campaigns')
    op.drop_table('fair_campaigns')
