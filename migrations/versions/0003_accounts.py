"""Accounts: confirmation, memberships, links by mail, invitations, address book, distributors

Revision ID: 0003_accounts
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_accounts"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("secret", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.alter_column("secret", server_default=None)
    op.add_column("users", sa.Column("confirmed_at", INSTANT, nullable=True))
    op.add_column("users", sa.Column("erased_at", INSTANT, nullable=True))
    op.add_column("users", sa.Column("membership", sa.String(32), nullable=True))
    op.execute("UPDATE users SET confirmed_at = created_at")  # they opened before confirmation was asked
    op.execute("UPDATE users SET membership = 'owner' WHERE organisation_id IS NOT NULL")
    with op.batch_alter_table("users") as batch:
        batch.create_check_constraint(op.f("ck_users_membership"), "membership IN ('owner', 'member')")
        batch.create_check_constraint(
            op.f("ck_users_membership_by_organisation"),
            "(organisation_id IS NOT NULL) = (membership IS NOT NULL)",
        )
    cascade_producers("CASCADE")
    op.create_table(
        "mail_links",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("purpose", one_of("purpose", "confirm", "reset", "change_email", "undo_email"), nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_mail_links_lasts")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_links_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_links_token_hash")),
    )
    op.create_index("ix_mail_links_user_id_purpose", "mail_links", ["user_id", "purpose"])
    op.create_table(
        "invitations",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("organisation_id", ROW_ID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_by", sa.String(120), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitations_lasts")),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitations_one_end")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invitations_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code", name=op.f("uq_invitations_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(
        "uq_invitations_open",
        "invitations",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "saved_addresses",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("recipient", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("commune_id", ROW_ID, nullable=False),
        sa.Column("street", sa.String(200), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_addresses_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["administrative_units.id"], name=op.f("fk_saved_addresses_commune_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_addresses")),
        sa.UniqueConstraint("code", name=op.f("uq_saved_addresses_code")),
    )
    op.create_index("ix_saved_addresses_user_id", "saved_addresses", ["user_id"])
    op.create_index(
        "uq_saved_addresses_default",
        "saved_addresses",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "distributors",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("organisation_id", ROW_ID, nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "supermarket", "shop", "wholesaler", "hotel", "exporter", "other"),
            nullable=False,
        ),
        sa.Column("phone", sa.String(16), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_distributors_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributors")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_distributors_organisation_id")),
    )


def cascade_producers(rule: str | None) -> None:
    """A producer extends its organisation: an unconfirmed one goes with it."""
    with op.batch_alter_table("producers") as batch:
        batch.drop_constraint(op.f("fk_producers_organisation_id"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_producers_organisation_id"), "organisations", ["organisation_id"], ["id"], ondelete=rule
        )


def downgrade() -> None:
    for table in ("distributors", "saved_addresses", "invitations", "mail_links"):
        op.drop_table(table)
    cascade_producers(None)
    with op.batch_alter_table("users") as batch:
        batch.drop_constraint(op.f("ck_users_membership_by_organisation"), type_="check")
        batch.drop_constraint(op.f("ck_users_membership"), type_="check")
        batch.drop_column("membership")
        batch.drop_column("erased_at")
        batch.drop_column("confirmed_at")
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.drop_column("secret")
