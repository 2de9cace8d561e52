"""Security keys as a second step, and the challenges they have answered
"""

import sqlalchemy as sa
from alembic import op

revision = '0090_security_keys'
down_revision = '0082_work_claims'
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'security_keys',
        sa.Column('id', ROW, nullable=False),
        sa.Column('code', sa.String(length=10), nullable=False),
        sa.Column('user_id', ROW, nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('credential', sa.LargeBinary(), nullable=False),
        sa.Column('credential_hash', sa.String(length=64), nullable=False),
        sa.Column('sign_count', sa.BigInteger(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('sign_count >= 0', name=op.f('ck_security_keys_sign_count')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_security_keys_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_security_keys')),
        sa.UniqueConstraint('code', name=op.f('uq_security_keys_code')),
        sa.UniqueConstraint('credential_hash', name=op.f('uq_security_keys_credential_hash')),
    )
    op.create_index(op.f('ix_security_keys_user_id'), 'security_keys', ['user_id'])
    op.create_table(
        'used_challenges',
        sa.Column('challenge_hash', sa.String(length=64), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('challenge_hash', name=op.f('pk_used_challenges')),
    )
    op.create_index(op.f('ix_used_challenges_used_at'), 'used_challenges', ['used_at'])


def downgrade() -> None:
    op.drop_table('used_challenges')
    op.drop_table('security_keys')
