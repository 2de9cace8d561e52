"""A campaign keeps the hours that were typed; a meeting, when it was released for want of a confirmation
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = '0026_campaign_hours'
down_revision = '0025_outcomes'
branch_labels = None
depends_on = None

VIETNAM = dt.timezone(dt.timedelta(hours=7))


def upgrade() -> None:
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hours', sa.JSON(), nullable=True))
    _read_back()
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.alter_column('hours', existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table('campaign_meetings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('released_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('campaign_meetings', schema=None) as batch_op:
        batch_op.drop_column('released_at')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_column('hours')


def _read_back() -> None:
    """The hours of the campaigns there are, as near as their slots tell: gaps longer than the shortest are breaks."""
    campaigns = sa.table('campaigns', sa.column('id', sa.BigInteger), sa.column('hours', sa.JSON))
    slots = sa.table(
        'campaign_slots',
        sa.column('campaign_id', sa.BigInteger),
        sa.column('number', sa.Integer),
        sa.column('starts_at', sa.DateTime(timezone=True)),
        sa.column('ends_at', sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    laid: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    query = sa.select(slots.c.campaign_id, slots.c.starts_at, slots.c.ends_at)
    for campaign_id, starts, ends in connection.execute(query.order_by(slots.c.campaign_id, slots.c.number)):
        laid.setdefault(campaign_id, []).append((_local(starts), _local(ends)))
    for campaign_id, times in laid.items():
        connection.execute(
            campaigns.update().where(campaigns.c.id == campaign_id).values(hours=_hours(times))
        )


def _local(at: dt.datetime) -> dt.datetime:
    return (at if at.tzinfo else at.replace(tzinfo=dt.timezone.utc)).astimezone(VIETNAM)


def _hours(times: list[tuple[dt.datetime, dt.datetime]]) -> dict[str, object]:
    gaps = [(a[1], b[0]) for a, b in zip(times, times[1:]) if a[1].date() == b[0].date()]
    pause = min((later - earlier for earlier, later in gaps), default=dt.timedelta(0))
    first = times[0][0].date()
    return {
        'first_day': first.isoformat(),
        'last_day': times[-1][0].date().isoformat(),
        'opens': f'{times[0][0]:%H:%M}',
        'closes': f'{times[-1][1]:%H:%M}',
        'minutes': int((times[0][1] - times[0][0]).total_seconds() // 60),
        'pause': int(pause.total_seconds() // 60),
        'breaks': [[f'{a:%H:%M}', f'{b:%H:%M}'] for a, b in gaps if b - a > pause and a.date() == first],
    }
