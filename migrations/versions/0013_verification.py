"""Verification of producers in steps, changes that wait, bank accounts, contacts; mandates and acting on behalf
"""

import sqlalchemy as sa
from alembic import op

revision = '0013_verification'
down_revision = "0012_moderation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bank_accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_bin', sa.String(length=6), nullable=False),
    sa.Column('bank_name', sa.String(length=100), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'in_force', 'refused', 'replaced', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=120), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.CheckConstraint("state <> 'in_force' OR decided_at IS NOT NULL", name=op.f('ck_bank_accounts_in_force_by_decision')),
    sa.CheckConstraint("state <> 'refused' OR remark <> ''", name=op.f('ck_bank_accounts_refused_with_remark')),
    sa.CheckConstraint('decided_by_id <> entered_by_id', name=op.f('ck_bank_accounts_two_people')),
    sa.CheckConstraint('length(bank_bin) = 6', name=op.f('ck_bank_accounts_bin')),
    sa.CheckConstraint('length(number) >= 4', name=op.f('ck_bank_accounts_number')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_bank_accounts_decided_by_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['users.id'], name=op.f('fk_bank_accounts_entered_by_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_bank_accounts_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_accounts'))
    )
    with op.batch_alter_table('bank_accounts', schema=None) as batch_op:
        batch_op.create_index('ix_bank_accounts_producer_id', ['producer_id'], unique=False)
        batch_op.create_index('uq_bank_accounts_in_force', ['producer_id'], unique=True, sqlite_where=sa.text("state = 'in_force'"), postgresql_where=sa.text("state = 'in_force'"))
        batch_op.create_index('uq_bank_accounts_proposed', ['producer_id'], unique=True, sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"))

    op.create_table('fact_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('field', sa.Enum('name', 'kind', 'commune', 'registration_number', 'tax_subject', 'tax_code', name='field', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('before_value', sa.String(length=200), nullable=False),
    sa.Column('after_value', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('pending', 'approved', 'refused', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=120), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.CheckConstraint("(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name=op.f('ck_fact_changes_decided')),
    sa.CheckConstraint("state <> 'refused' OR remark <> ''", name=op.f('ck_fact_changes_refused_with_remark')),
    sa.CheckConstraint('before_value <> after_value', name=op.f('ck_fact_changes_differs')),
    sa.CheckConstraint('decided_by_id <> entered_by_id', name=op.f('ck_fact_changes_two_people')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_fact_changes_decided_by_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['users.id'], name=op.f('fk_fact_changes_entered_by_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_fact_changes_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fact_changes'))
    )
    with op.batch_alter_table('fact_changes', schema=None) as batch_op:
        batch_op.create_index('ix_fact_changes_producer_id', ['producer_id'], unique=False)
        batch_op.create_index('uq_fact_changes_pending', ['producer_id', 'field'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('mandates',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('given', 'accepted', 'declined', 'withdrawn', 'laid_down', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by', sa.String(length=120), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.String(length=120), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint("(state IN ('given', 'accepted')) = (ended_at IS NULL)", name=op.f('ck_mandates_ended')),
    sa.CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f('ck_mandates_accepted')),
    sa.CheckConstraint('producer_id <> holder_id', name=op.f('ck_mandates_two_producers')),
    sa.ForeignKeyConstraint(['holder_id'], ['producers.id'], name=op.f('fk_mandates_holder_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_mandates_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandates')),
    sa.UniqueConstraint('code', name=op.f('uq_mandates_code'))
    )
    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.create_index('ix_mandates_holder_id', ['holder_id'], unique=False)
        batch_op.create_index('uq_mandates_open', ['producer_id', 'holder_id'], unique=True, sqlite_where=sa.text("state IN ('given', 'accepted')"), postgresql_where=sa.text("state IN ('given', 'accepted')"))

    op.create_table('producer_contacts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.Enum('head', 'sales', 'production', 'accounts', 'other', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('phone', sa.String(length=16), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_producer_contacts_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_producer_contacts')),
    sa.UniqueConstraint('code', name=op.f('uq_producer_contacts_code'))
    )
    with op.batch_alter_table('producer_contacts', schema=None) as batch_op:
        batch_op.create_index('ix_producer_contacts_producer_id', ['producer_id'], unique=False)

    op.create_table('verification_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('actor_role', sa.String(length=32), nullable=False),
    sa.Column('behalf', sa.String(length=200), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('checked', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_verification_steps_producer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verification_steps'))
    )
    with op.batch_alter_table('verification_steps', schema=None) as batch_op:
        batch_op.create_index('ix_verification_steps_producer_id', ['producer_id'], unique=False)

    op.create_table('verifications',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('open', 'waiting', 'returned', 'approved', 'suspended', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('tax_subject', sa.Enum('organisation', 'household', 'individual', name='tax_subject', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('led_by_woman', sa.Boolean(), nullable=False),
    sa.Column('led_by_minority', sa.Boolean(), nullable=False),
    sa.Column('workers', sa.Integer(), nullable=True),
    sa.Column('local_workers', sa.Integer(), nullable=True),
    sa.Column('remarks', sa.JSON(), nullable=False),
    sa.Column('suspension_reason', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'suspended') = (suspension_reason <> '')", name=op.f('ck_verifications_suspended_with_reason')),
    sa.CheckConstraint("state <> 'waiting' OR sent_at IS NOT NULL", name=op.f('ck_verifications_sent')),
    sa.CheckConstraint('workers >= 0 AND local_workers >= 0 AND local_workers <= workers', name=op.f('ck_verifications_workers')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_verifications_producer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['users.id'], name=op.f('fk_verifications_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verifications')),
    sa.UniqueConstraint('producer_id', name=op.f('uq_verifications_producer_id'))
    )
    with op.batch_alter_table('verifications', schema=None) as batch_op:
        batch_op.create_index('ix_verifications_state', ['state', 'sent_at'], unique=False)

    with op.batch_alter_table('dossier_steps', schema=None) as batch_op:
        batch_op.add_column(sa.Column('behalf', sa.String(length=200), nullable=False, server_default=''))
    with op.batch_alter_table('dossier_steps', schema=None) as batch_op:
        batch_op.alter_column('behalf', existing_type=sa.String(length=200), server_default=None)

    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.add_column(sa.Column('acting_for_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_sign_ins_acting_for_id'), 'organisations', ['acting_for_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_sign_ins_acting_for_id"), type_="foreignkey")
        batch_op.drop_column("acting_for_id")
    with op.batch_alter_table("dossier_steps") as batch_op:
        batch_op.drop_column("behalf")
    for table in ("verifications", "verification_steps", "producer_contacts", "mandates", "fact_changes", "bank_accounts"):
        op.drop_table(table)
