"""What was missing when a sitting closed: sheets of members present, members who had left
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_sittings"
down_revision = "0013_verification"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("council_sittings") as table:
        table.add_column(sa.Column("absences", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table("council_sittings") as table:
        table.drop_column("absences")
