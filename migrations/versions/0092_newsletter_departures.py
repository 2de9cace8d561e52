"""Who ended the newsletter, by a mark, as long as links asked for before last
"""

import sqlalchemy as sa
from alembic import op

revision = '0092_newsletter_departures'
down_revision = '0092_district_notices'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'newsletter_departures',
        sa.Column('mark', sa.String(length=64), nullable=False),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('mark', name=op.f('pk_newsletter_departures')),
    )
    op.create_index('ix_newsletter_departures_left_at', 'newsletter_departures', ['left_at'])


def downgrade() -> None:
    op.drop_table('newsletter_departures')
