"""What buyers say of goods they received, who reported it, totals, and which once-only letters were written
"""

import sqlalchemy as sa
from alembic import op

revision = '0098_reviews'
down_revision = '0097_work_since'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = sa.DateTime(timezone=True)
GROUNDS = ('insult', 'personal_data', 'off_topic', 'advertising', 'other')


def one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        'reviews',
        sa.Column('id', ROW, nullable=False),
        sa.Column('code', sa.String(length=16), nullable=False),
        sa.Column('line_id', ROW, nullable=False),
        sa.Column('listing_id', ROW, nullable=False),
        sa.Column('stars', sa.Integer(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('signed', sa.String(length=60), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=False),
        sa.Column('state', one_of(('waiting', 'published', 'refused', 'withdrawn'), 'state'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('bought_on', sa.Date(), nullable=False),
        sa.Column('written_at', INSTANT, nullable=False),
        sa.Column('said_at', INSTANT, nullable=False),
        sa.Column('published_at', INSTANT, nullable=True),
        sa.Column('ground', one_of(GROUNDS, 'ground'), nullable=True),
        sa.Column('remark', sa.String(length=500), nullable=False),
        sa.Column('reports', sa.Integer(), nullable=False),
        sa.Column('reported_at', INSTANT, nullable=True),
        sa.Column('reply', sa.Text(), nullable=False),
        sa.Column('reply_version', sa.Integer(), nullable=False),
        sa.Column('replied_at', INSTANT, nullable=True),
        sa.Column('erased_at', INSTANT, nullable=True),
        sa.CheckConstraint('stars BETWEEN 1 AND 5', name=op.f('ck_reviews_stars')),
        sa.CheckConstraint('version >= 1 AND reply_version >= 0', name=op.f('ck_reviews_version')),
        sa.CheckConstraint('length(words) <= 1000 AND length(reply) <= 600', name=op.f('ck_reviews_length')),
        sa.CheckConstraint("state <> 'waiting' OR words <> ''", name=op.f('ck_reviews_waiting')),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name=op.f('ck_reviews_published')),
        sa.CheckConstraint("(state = 'refused') = (ground IS NOT NULL)", name=op.f('ck_reviews_refused')),
        sa.CheckConstraint("state <> 'withdrawn' OR words = ''", name=op.f('ck_reviews_withdrawn')),
        sa.CheckConstraint('reports >= 0 AND (reports = 0) = (reported_at IS NULL)', name=op.f('ck_reviews_reports')),
        sa.CheckConstraint("reports = 0 OR state = 'published'", name=op.f('ck_reviews_reported')),
        sa.CheckConstraint("(reply = '') = (replied_at IS NULL)", name=op.f('ck_reviews_reply')),
        sa.CheckConstraint(
            "erased_at IS NULL OR (words = '' AND signed = '' AND reply = '')", name=op.f('ck_reviews_erased')
        ),
        sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_reviews_line_id')),
        sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_reviews_listing_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
        sa.UniqueConstraint('code', name=op.f('uq_reviews_code')),
        sa.UniqueConstraint('line_id', name=op.f('uq_reviews_line_id')),
    )
    op.create_index('ix_reviews_listing_id_state_published_at', 'reviews', ['listing_id', 'state', 'published_at'])
    op.create_index('ix_reviews_state_said_at', 'reviews', ['state', 'said_at'])
    op.create_index('ix_reviews_reported_at', 'reviews', ['reported_at'])
    op.create_table(
        'review_reports',
        sa.Column('id', ROW, nullable=False),
        sa.Column('review_id', ROW, nullable=False),
        sa.Column('reporter_id', ROW, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('ground', one_of(GROUNDS, 'ground'), nullable=False),
        sa.Column('words', sa.String(length=300), nullable=False),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('answered_at', INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['reporter_id'], ['users.id'], name=op.f('fk_review_reports_reporter_id')),
        sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_review_reports_review_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_reports')),
        sa.UniqueConstraint(
            'review_id', 'reporter_id', 'version', name=op.f('uq_review_reports_review_id_reporter_id_version')
        ),
    )
    op.create_index('ix_review_reports_reporter_id', 'review_reports', ['reporter_id'])
    op.create_table(
        'review_totals',
        sa.Column('listing_id', ROW, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('ones', 'twos', 'threes', 'fours', 'fives')),
        sa.CheckConstraint(
            'ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0 AND fives >= 0', name=op.f('ck_review_totals_counts')
        ),
        sa.ForeignKeyConstraint(['listing_id'], ['listings.id'], name=op.f('fk_review_totals_listing_id')),
        sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_review_totals')),
    )
    op.create_table(
        'review_asked',
        sa.Column('part_id', ROW, autoincrement=False, nullable=False),
        sa.Column('at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['part_id'], ['order_parts.id'], name=op.f('fk_review_asked_part_id')),
        sa.PrimaryKeyConstraint('part_id', name=op.f('pk_review_asked')),
    )
    op.create_table(
        'review_tidings',
        sa.Column('producer_id', ROW, nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_review_tidings_producer_id')),
        sa.PrimaryKeyConstraint('producer_id', 'day', name=op.f('pk_review_tidings')),
    )
    op.create_index('ix_part_events_state_at', 'part_events', ['state', 'at'])


def downgrade() -> None:
    op.drop_index('ix_part_events_state_at', 'part_events')
    op.drop_table('review_tidings')
    op.drop_table('review_asked')
    op.drop_table('review_totals')
    op.drop_table('review_reports')
    op.drop_table('reviews')
