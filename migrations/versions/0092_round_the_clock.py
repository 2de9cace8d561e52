"""Showcase points open from midnight to midnight
"""

from alembic import op

revision = '0092_round_the_clock'
down_revision = '0092_newsletter_departures'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _hours("opens <> closes OR opens = '00:00:00.000000'")


def downgrade() -> None:
    op.execute('DELETE FROM showcase_hours WHERE opens = closes')
    _hours('opens <> closes')


def _hours(rule: str) -> None:
    with op.batch_alter_table('showcase_hours', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_showcase_hours_hours'), type_='check')
        batch_op.create_check_constraint(op.f('ck_showcase_hours_hours'), rule)
