"""Who asks in a request, where the sign-in may act for a producer. The right is looked up anew each time."""

from flask import request, session

from marketplace.people.accounts import sessions
from marketplace.people.mandates.queries import find_acted_for
from marketplace.people.mandates.services import acting_as, lose_acting
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.words import N_

SAFE = ("GET", "HEAD", "OPTIONS")


class ActingEnded(Forbidden):
    """What was sent was meant for a producer that the person may no longer act for: it is not done for another."""

    code = "acting_ended"
    message = N_("Bạn không còn quyền làm thay nơi này, nên việc vừa gửi chưa được ghi.")


def identify() -> Actor:
    """Who asks: the signed-in person, or that person on a producer's behalf while they have the right.

    Once the right is gone the sign-in is the person's own again, forms opened meanwhile are void, and what was sent
    with this very request is refused, so that it never lands in the person's own organisation.
    """
    by, sign_in = sessions.identify(), sessions.current_sign_in()
    if sign_in is None or sign_in.acting_for_id is None:
        return by
    producer = find_acted_for(sign_in.acting_for_id, by=by)
    if producer is not None:
        return acting_as(by, producer)
    sign_in.acting_for_id = None
    with transaction():
        lose_acting(sign_in=sign_in.code, by=by, at=now())
    session.pop("csrf_token", None)
    if request.method not in SAFE:
        raise ActingEnded
    return by
