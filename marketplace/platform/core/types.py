"""Column types: aware UTC time, money in dong, enumerations stored by value with a CHECK."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer
from sqlalchemy.types import TypeDecorator

from marketplace.platform.core.folding import fold
from marketplace.platform.core.money import Money

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER columns


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Dong(TypeDecorator[Money]):
    """Money as a whole number of dong."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.currency != "VND":
            raise TypeError("this column holds dong")
        return value.amount

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(int(value))


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A column of one enumeration, stored by value, held by a CHECK named ck_<table>_<name>."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def folded_name(context: Any) -> str:
    """A column's default when rows are inserted: the row's `name` without marks (`folding.fold`)."""
    return fold(context.get_current_parameters()["name"])
