"""How booths are given, and each working out of it
"""

import sqlalchemy as sa
from alembic import op

revision = '0034_booths'
down_revision = '0033_visitors'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fair_allocation_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'running', 'done', 'failed', 'taken', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state NOT IN ('done', 'taken') OR result IS NOT NULL", name=op.f('ck_fair_allocation_runs_result')),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_allocation_runs_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fair_allocation_runs')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_fair_allocation_runs_edition_id_number'))
    )
    op.create_table('fair_allocation_terms',
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('gathering', sa.Enum('spread', 'grouped', 'free', name='gathering', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['fair_editions.id'], name=op.f('fk_fair_allocation_terms_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_fair_allocation_terms'))
    )


def downgrade() -> None:
    op.drop_table('fair_allocation_terms')
    op.drop_table('fair_allocation_runs')
