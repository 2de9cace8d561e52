"""Notices to officers of former districts
"""

from alembic import op

revision = '0092_district_notices'
down_revision = '0092_freed_turns'
branch_labels = None
depends_on = None

BEFORE = "role IN ('producer', 'distributor', 'commune_officer')"
AFTER = "role IN ('producer', 'distributor', 'commune_officer', 'district_officer')"


def upgrade() -> None:
    _concerned(AFTER)


def downgrade() -> None:
    told = "SELECT id FROM notices WHERE role = 'district_officer'"
    op.execute(f'DELETE FROM notice_reads WHERE notice_id IN ({told})')
    op.execute("DELETE FROM notices WHERE role = 'district_officer'")
    _concerned(BEFORE)


def _concerned(roles: str) -> None:
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_notices_concerned'), type_='check')
        batch_op.create_check_constraint(op.f('ck_notices_concerned'), roles)
