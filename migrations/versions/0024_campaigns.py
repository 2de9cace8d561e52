"""Campaigns: slots, participants, runs of the timetable, meetings and their seats
"""

import sqlalchemy as sa
from alembic import op

revision = '0024_campaigns'
down_revision = '0023_matching'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaigns',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('online', 'on_site', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'published', 'running', 'closed', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most_producer', sa.Integer(), nullable=False),
    sa.Column('most_buyer', sa.Integer(), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.Column('wishes_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirm_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('weights_number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('least >= 0 AND least <= most_producer', name=op.f('ck_campaigns_least')),
    sa.CheckConstraint('most_producer BETWEEN 1 AND 60 AND most_buyer BETWEEN 1 AND 60', name=op.f('ck_campaigns_most')),
    sa.CheckConstraint('tables BETWEEN 1 AND 400', name=op.f('ck_campaigns_tables')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    sa.UniqueConstraint('code', name=op.f('uq_campaigns_code'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index('ix_campaigns_state', ['state'], unique=False)

    op.create_table('campaign_slots',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_campaign_slots_time')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_slots_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_slots')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_campaign_slots_campaign_id_number')),
    sa.UniqueConstraint('campaign_id', 'starts_at', name=op.f('uq_campaign_slots_campaign_id_starts_at'))
    )
    op.create_table('match_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'running', 'done', 'stopped', 'failed', 'published', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('stop_asked', sa.Boolean(), nullable=False),
    sa.Column('limit_seconds', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('snapshot', sa.JSON(), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state NOT IN ('done', 'published') OR result IS NOT NULL", name=op.f('ck_match_runs_result')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_match_runs_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_runs')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_match_runs_campaign_id_number'))
    )
    op.create_table('campaign_participants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.Enum('producer', 'buyer', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('distributor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answer', sa.Enum('invited', 'coming', 'declined', 'withdrawn', name='answer', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('most', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(side = 'producer') = (producer_id IS NOT NULL) AND (side = 'buyer') = (distributor_id IS NOT NULL)", name=op.f('ck_campaign_participants_one_party')),
    sa.CheckConstraint('most IS NULL OR most BETWEEN 1 AND 60', name=op.f('ck_campaign_participants_most')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_participants_campaign_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_campaign_participants_distributor_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_campaign_participants_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_participants')),
    sa.UniqueConstraint('campaign_id', 'distributor_id', name=op.f('uq_campaign_participants_campaign_id_distributor_id')),
    sa.UniqueConstraint('campaign_id', 'producer_id', name=op.f('uq_campaign_participants_campaign_id_producer_id'))
    )
    op.create_table('campaign_absences',
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['campaign_participants.id'], name=op.f('fk_campaign_absences_participant_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['campaign_slots.id'], name=op.f('fk_campaign_absences_slot_id')),
    sa.PrimaryKeyConstraint('participant_id', 'slot_id', name=op.f('pk_campaign_absences'))
    )
    op.create_table('campaign_meetings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('table_number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('tentative', 'confirmed', 'held', 'no_show', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('demand_code', sa.String(length=16), nullable=False),
    sa.Column('offer_code', sa.String(length=16), nullable=False),
    sa.Column('explained', sa.JSON(), nullable=False),
    sa.Column('producer_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('buyer_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('absent', sa.Enum('producer', 'buyer', name='absent', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'no_show') = (absent IS NOT NULL)", name=op.f('ck_campaign_meetings_absent_of_no_show')),
    sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name=op.f('ck_campaign_meetings_cancelled_with_reason')),
    sa.CheckConstraint("state <> 'confirmed' OR (producer_confirmed_at IS NOT NULL AND buyer_confirmed_at IS NOT NULL)", name=op.f('ck_campaign_meetings_confirmed_by_both')),
    sa.ForeignKeyConstraint(['buyer_participant_id'], ['campaign_participants.id'], name=op.f('fk_campaign_meetings_buyer_participant_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_meetings_campaign_id')),
    sa.ForeignKeyConstraint(['producer_participant_id'], ['campaign_participants.id'], name=op.f('fk_campaign_meetings_producer_participant_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['campaign_slots.id'], name=op.f('fk_campaign_meetings_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_meetings')),
    sa.UniqueConstraint('code', name=op.f('uq_campaign_meetings_code')),
    sa.UniqueConstraint('producer_participant_id', 'buyer_participant_id', name=op.f('uq_campaign_meetings_producer_participant_id_buyer_participant_id'))
    )
    with op.batch_alter_table('campaign_meetings', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_meetings_campaign_id_state', ['campaign_id', 'state'], unique=False)

    op.create_table('meeting_seats',
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['campaign_meetings.id'], name=op.f('fk_meeting_seats_meeting_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['campaign_participants.id'], name=op.f('fk_meeting_seats_participant_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['campaign_slots.id'], name=op.f('fk_meeting_seats_slot_id')),
    sa.PrimaryKeyConstraint('participant_id', 'slot_id', name=op.f('pk_meeting_seats'))
    )
    with op.batch_alter_table('meeting_seats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_seats_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('table_seats',
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('table_number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['campaign_meetings.id'], name=op.f('fk_table_seats_meeting_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['campaign_slots.id'], name=op.f('fk_table_seats_slot_id')),
    sa.PrimaryKeyConstraint('slot_id', 'table_number', name=op.f('pk_table_seats')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_table_seats_meeting_id'))
    )


def downgrade() -> None:
    op.drop_table('table_seats')
    op.drop_table('meeting_seats')
    op.drop_table('campaign_meetings')
    op.drop_table('campaign_absences')
    op.drop_table('campaign_participants')
    op.drop_table('match_runs')
    op.drop_table('campaign_slots')
    op.drop_table('campaigns')
