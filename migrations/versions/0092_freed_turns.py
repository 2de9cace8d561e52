"""A turn that was taken off before does not stand in the way of the next
"""

from alembic import op

revision = '0092_freed_turns'
down_revision = '0090_security_keys'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('UPDATE placements SET key = NULL WHERE withdrawn_at IS NOT NULL')


def downgrade() -> None:
    """Nothing depends on the key of what was taken off."""
