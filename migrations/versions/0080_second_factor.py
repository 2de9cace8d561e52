"""The second step of signing in: a device's secret, ten codes on paper, sign-ins that wait for it
"""

import sqlalchemy as sa
from alembic import op

revision = '0080_second_factor'
down_revision = '0070_news'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('users') as batch:
        batch.add_column(sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'second_factors',
        sa.Column('user_id', ROW, autoincrement=False, nullable=False),
        sa.Column('secret', sa.String(length=255), nullable=False),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('last_step >= 0', name=op.f('ck_second_factors_last_step')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factors')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('id', ROW, nullable=False),
        sa.Column('user_id', ROW, nullable=False),
        sa.Column('code_hash', sa.String(length=64), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
        sa.UniqueConstraint('user_id', 'code_hash', name=op.f('uq_recovery_codes_user_id_code_hash')),
    )
    op.create_table(
        'second_steps',
        sa.Column('id', ROW, nullable=False),
        sa.Column('user_id', ROW, nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('target', sa.String(length=500), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('expires_at > created_at', name=op.f('ck_second_steps_lasts')),
        sa.CheckConstraint('tries >= 0', name=op.f('ck_second_steps_tries')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_steps_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_second_steps')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_second_steps_token_hash')),
    )
    op.create_index(op.f('ix_second_steps_user_id_created_at'), 'second_steps', ['user_id', 'created_at'])


def downgrade() -> None:
    op.drop_table('second_steps')
    op.drop_table('recovery_codes')
    op.drop_table('second_factors')
    with op.batch_alter_table('users') as batch:
        batch.drop_column('second_factor_at')
