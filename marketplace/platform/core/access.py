"""Who asks, and what a route says about who may call it. Closed by default: see `web.access`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from marketplace.platform.core.errors import Forbidden

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Actor:
    """Who does a thing: handed to services as `by`. A guest has no user; a job or command has only a name.

    `behalf` names the organisation that the person acts for without being of it; user and name stay the person's own.
    """

    user_id: int | None = None
    name: str = ""
    role: str | None = None
    organisation_id: int | None = None
    unit_id: int | None = None
    behalf: str = ""

    @property
    def known(self) -> bool:
        return self.user_id is not None


GUEST = Actor()


def system(name: str) -> Actor:
    """The application itself, acting as a named job or command; it passes every policy check."""
    return Actor(name=name, role="system")


@dataclass(frozen=True)
class Permission:
    """A right with the roles that hold it. The name reads `feature:verb`.

    A `personal` one nobody holds while they act on another's behalf.
    """

    name: str
    roles: frozenset[str] = frozenset()
    public: bool = False
    personal: bool = False

    def held_by(self, actor: Actor) -> bool:
        """Whether the actor's role holds it; whose the object is, is the policy's question."""
        if self.personal and actor.behalf:
            return False
        return self.public or actor.role == "system" or actor.role in self.roles


PUBLIC = Permission("public", public=True)


def in_person(by: Actor) -> Actor:
    """The same actor; Forbidden while they act on another's behalf: what is a person's own is done by that person."""
    if by.behalf:
        raise Forbidden
    return by


def allow(permission: Permission) -> Callable[[View], View]:
    """Say on a view function who may call it; a route without it fails `tests/contracts/test_routes.py`."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined] # a function carries its permission
        return view

    return mark
