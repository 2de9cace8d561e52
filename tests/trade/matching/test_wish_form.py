"""The form of a wish keeps what was chosen after an error, taking the wish back included."""

from datetime import datetime

from marketplace.platform.core.clock import day_of
from marketplace.trade.matching.queries import list_matches
from tests.conftest import Client
from tests.meeting import make_buyer, make_maker
from tests.pages import send, sign_in


def test_a_wish_that_is_taken_back_stays_taken_back(client: Client, at: datetime) -> None:
    maker, buyer = make_maker("Lò", at=at), make_buyer("Chợ", at=at)
    (pair,) = list_matches(on=day_of(at))
    for user, desk in ((maker, "producer"), (buyer, "distributor")):
        path = f"/{desk}/matches/{pair.demand.code}/{pair.offer.code}"
        sign_in(client, user)
        assert send(client, path, wish="must", reason="hợp vùng").status_code == 302
        page = send(client, path, wish="", reason="x" * 301)
        assert (page.status_code, 'value="must" checked' in page.text) == (422, False)
        assert 'name="wish" value="" checked' in page.text
        assert 'value="must" checked' in client.get(path).text
