"""Users, organisations, sign-ins, links sent by mail, invitations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice

NO_PASSWORD = "none"  # noqa: S105 - no hash, so that no password is right


class Role(StrEnum):
    BUYER = "buyer"
    PRODUCER = "producer"
    DISTRIBUTOR = "distributor"
    COMMUNE_OFFICER = "commune_officer"
    DISTRICT_OFFICER = "district_officer"
    PROVINCE_OFFICER = "province_officer"
    COUNCIL_MEMBER = "council_member"  # from another department: sees only what they score
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    PRODUCER = "producer"
    DISTRIBUTOR = "distributor"


class Membership(StrEnum):
    OWNER = "owner"  # invites, removes, hands over
    MEMBER = "member"


class LinkPurpose(StrEnum):
    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL = "undo_email"


class Organisation(Model):
    """A cooperative, firm or household that people act for; producers and distributors extend it."""

    __tablename__ = "organisations"

    id: Mapped[RowId]
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class User(Model):
    """A person who signs in. A producer or distributor acts within one organisation, an officer within one unit."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('producer', 'distributor')) = (organisation_id IS NOT NULL)",
            name="organisation_by_role",
        ),
        CheckConstraint(
            "(role IN ('commune_officer', 'district_officer', 'province_officer')) = (unit_id IS NOT NULL)",
            name="unit_by_role",
        ),
        CheckConstraint("(organisation_id IS NOT NULL) = (membership IS NOT NULL)", name="membership_by_organisation"),
        Index("ix_users_organisation_id", "organisation_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # as `services.read_email` folds it
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    membership: Mapped[Membership | None] = mapped_column(choice(Membership, "membership"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    language: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # until then nobody's: the address may be registered anew
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # personal data struck out at the person's wish
    second_factor_at: Mapped[datetime | None]  # since when a password alone opens nothing

    organisation: Mapped[Organisation | None] = related()
    unit: Mapped[AdministrativeUnit | None] = related()

    @property
    def unopened(self) -> bool:
        """Whether somebody else made the account and no password was ever set."""
        return self.password_hash == NO_PASSWORD

    def actor(self) -> Actor:
        """This person as services know who acts."""
        return Actor(self.id, self.name, self.role.value, self.organisation_id, self.unit_id)


class SignIn(Model):
    """One sign-in of one device: a person sees and ends them, and a disabled account stops at once."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_user_id", "user_id"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(64))  # network address
    device: Mapped[str] = mapped_column(String(255))  # what the browser says it is
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))

    user: Mapped[User] = related()


class MailLink(Model):
    """A link sent to an address: opens one thing, for one account, once. Only the hash of its secret is kept."""

    __tablename__ = "mail_links"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="lasts"),
        Index("ix_mail_links_user_id_purpose", "user_id", "purpose"),
    )

    id: Mapped[RowId]
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose, "purpose"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))  # the address it is about
    target: Mapped[str] = mapped_column(String(500), default="")  # where the person goes on to
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # used, or a newer one took its place

    user: Mapped[User] = related()


class Invitation(Model):
    """An owner asks somebody, by mail, to join their organisation. One open invitation an address and organisation."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="lasts"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(
            "uq_invitations_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[str] = mapped_column(String(120))  # the owner's name as it was
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = related()
