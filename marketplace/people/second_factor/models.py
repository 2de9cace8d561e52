"""A person's device and keys, the codes kept on paper for their loss, and sign-ins that wait for their second step."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import BigId


class SecondFactor(Model):
    """One person's secret of time-based codes (RFC 6238), kept encrypted; it counts once a code of it was seen."""

    __tablename__ = "second_factors"
    __table_args__ = (CheckConstraint("last_step >= 0", name="last_step"),)

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str] = mapped_column(String(255))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # of the newest code that was used: it only grows
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class SecurityKey(Model):
    """One key of a person's (W3C Web Authentication): its public half, by which a touch of it is known."""

    __tablename__ = "security_keys"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count"),
        Index("ix_security_keys_user_id", "user_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    credential: Mapped[bytes] = mapped_column(LargeBinary)  # identifier and public key, as the standard writes them
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)  # of the identifier: one key, one person
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 0: a key that does not count
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class UsedChallenge(Model):
    """A challenge that a key has answered: it is answered once."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Model):
    """One code on paper: opens one sign-in. Only a keyed hash of it is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class SecondStep(Model):
    """A right password that waits for the second step, in one browser, for some minutes."""

    __tablename__ = "second_steps"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="lasts"),
        CheckConstraint("tries >= 0", name="tries"),
        Index("ix_second_steps_user_id_created_at", "user_id", "created_at"),
    )

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    target: Mapped[str] = mapped_column(String(500))  # where the person goes on to
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # a sign-in came of it

    user: Mapped[User] = related()
