"""What both desks do with a match: say whom one wishes to meet, and show the page of one pair."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext as _

from marketplace.faces.storefront.match_words import match_words, told
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.verbs import Done, perform
from marketplace.trade.matching.gates import GateCode
from marketplace.trade.matching.models import PartyWish
from marketplace.trade.matching.pairing import Match, Wish


def say_wish(verb: Callable[..., None], *, slug: str) -> Done:
    """Keep the wish that was sent, of the party with this slug; none, or one that is none, takes it back."""
    sent, reason = request.form.get("wish", ""), request.form.get("reason", "")
    wish = Wish(sent) if sent in set(Wish) else None
    return perform(partial(verb, slug=slug, wish=wish, reason=reason, by=current_actor(), at=now()), _("Đã lưu."))


def match_page(found: Match, *, said: PartyWish | None, kept: GateCode, errors: dict[str, str]) -> dict[str, Any]:
    """What a match's page shows to one of the two: not the other's refusal (`kept`); what was typed, where refused."""
    typed = request.form if errors else {"wish": said.wish.value if said else "", "reason": said.reason if said else ""}
    return {
        "match": found,
        "gates": told(found, kept=kept),
        "wish": typed.get("wish", ""),
        "reason": typed.get("reason", ""),
        "error": errors.get("reason", ""),
        **match_words(),
    }
