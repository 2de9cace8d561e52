"""The office's and the producer's first page: all that waits for who looks, with the way there; and nothing else."""

import re
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import update

from marketplace.people.accounts.models import Role, User
from marketplace.people.verification.models import ChangeState, FactChange, Field, Verification, VerificationState
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.registry.councils.models import Appeal, AppealState
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.queries import list_refunds
from marketplace.shop.payouts.services import make_batch, note_remittance
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from tests.builders import make_dossier, make_listing, make_producer, make_product, make_round, make_user
from tests.conftest import Client, new_client
from tests.money import make_prepaid, make_transfer, offer_transfers
from tests.pages import sign_in
from tests.paying_out import make_maker, officers, sell

LINK = re.compile(r'class="errands__link" href="([^"]+)">.*?<span>([^<]+)</span>', re.DOTALL)


def signed_in(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def put(dossier: Dossier, state: DossierState, round_id: int) -> None:
    values = {"state": state, "round_id": round_id, "score": 80}
    with transaction():
        db.session.execute(update(Dossier).where(Dossier.id == dossier.id).values(**values))


def test_each_officer_sees_what_waits_for_them(app: Flask, at: datetime) -> None:
    maker = make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò miến", at=at, user=maker)
    row = make_round(at=at)
    states = (DossierState.IDEA_SENT, DossierState.SUBMITTED, DossierState.FORWARDED, DossierState.SCORED)
    for state in (*states, DossierState.RETURNED):
        put(dossier := make_dossier(maker, at=at, name=f"Miến {state}"), state, row.id)
    refused = Appeal(code="KN1", dossier_id=dossier.id, words="Không", state=AppealState.OPEN, made_at=at, made_by="A")
    with transaction():
        db.session.add(refused)
    make_listing(make_product(producer, "Chờ xem", at=at), at=at, state=ListingState.IN_REVIEW)

    commune = signed_in(app, make_user(Role.COMMUNE_OFFICER, at=at)).get("/office/").text
    assert "<h1>2 việc cần xem hôm nay</h1>" in commune
    assert LINK.findall(commune) == [
        ("/office/dossiers?state=idea_sent", "1 ý tưởng chờ trả lời"),
        ("/office/dossiers?state=submitted", "1 hồ sơ chờ đánh giá ban đầu"),
    ]
    province = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at)).get("/office/").text
    assert LINK.findall(province)[2:] == [
        ("/office/dossiers?state=forwarded", "1 hồ sơ huyện, xã đã chuyển lên"),
        ("/office/dossiers?state=scored", "1 hồ sơ đã chấm, chờ quyết định"),
        ("/office/councils", "1 khiếu nại chờ trả lời"),
        ("/office/listings/", "1 trang bán chờ xem"),
    ]
    assert "<h1>6 việc cần xem hôm nay</h1>" in province
    elsewhere = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at, unit="01")).get("/office/").text
    assert "<h1>Hôm nay không có việc nào cần xem</h1>" in elsewhere
    assert LINK.findall(elsewhere) == []
    own = signed_in(app, maker).get("/producer/").text
    assert re.findall(r"Hồ sơ ([^<]+) được trả lại để sửa\.", own) == ["Miến returned"]
    assert f'href="/producer/dossiers/{dossier.code}">Xem cán bộ dặn gì</a>' in own


def test_who_keeps_the_money_sees_what_of_it_waits(app: Flask, at: datetime) -> None:
    maker, (officer, other) = make_maker(at=at), officers(at)
    sell(maker, at=at - timedelta(days=20))
    short = sell(maker, 1, at=at)
    offer_transfers(app)
    payment = make_prepaid((maker.variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    make_transfer(payment.number, payment.amount.amount + 2_000, at=at)
    make_transfer("khong ro", 7_000, at=at)
    send_refund(list_refunds([RefundState.ASKED])[0].code, at)
    facts = RemittanceFacts("bưu điện", short.total - Money(1_000), "FT1", day_of(at), (f"{short.number}/1",))
    with transaction():
        make_batch(by=officer.actor(), at=at)
        note_remittance(facts=facts, by=officer.actor(), at=at)
    waiting = [
        ("/office/payments", "2 khoản chuyển tới chờ xem"),
        ("/office/payments?queue=refunds", "1 khoản hoàn chờ chuyển tay"),
        ("/office/payouts", "1 đợt chi chờ bạn duyệt"),
        ("/office/payments/carriers", "1 lần nộp lệch của bên vận chuyển"),
    ]
    apart = "Để mắt tới, không tính vào số việc trên"
    page = signed_in(app, other).get("/office/").text
    assert LINK.findall(page) == waiting
    assert ("<h1>4 việc cần xem hôm nay</h1>" in page, LINK.findall(page.partition(apart)[2])) == (True, waiting[-1:])
    own = LINK.findall(signed_in(app, officer).get("/office/").text)
    assert own == [row for row in waiting if row[0] != "/office/payouts"]
    assert LINK.findall(signed_in(app, make_user(Role.COMMUNE_OFFICER, at=at)).get("/office/").text) == []


def test_the_first_page_and_the_queue_count_the_same(app: Flask, at: datetime) -> None:
    """A producer to be checked first, one with two changes, a page, a transfer, dossiers: each waits once."""
    maker = make_user(Role.PRODUCER, at=at)
    producer, row = make_producer("Lò miến", at=at, user=maker), make_round(at=at, opens=-90, first=-40, province=-10)
    for state in (DossierState.IDEA_SENT, DossierState.SUBMITTED, DossierState.FORWARDED, DossierState.SCORED):
        put(make_dossier(maker, at=at, name=f"Miến {state}"), state, row.id)
    make_listing(make_product(producer, "Chờ xem", at=at), at=at, state=ListingState.IN_REVIEW)
    newcomer = make_producer("Lò mới", at=at, verified=False)
    change = {"producer_id": producer.id, "before_value": "a", "after_value": "b", "entered_at": at, "entered_by": "A"}
    with transaction():
        db.session.add(
            Verification(producer_id=newcomer.id, state=VerificationState.WAITING, started_at=at, sent_at=at)
        )
        for fact in (Field.NAME, Field.TAX_CODE):
            db.session.add(FactChange(**change, field=fact, state=ChangeState.PENDING))
    offer_transfers(app)
    make_transfer("khong ro", 7_000, at=at)
    desk = signed_in(app, make_user(Role.ADMIN, at=at))
    today, queue = desk.get("/office/").text, desk.get("/office/queue").text
    assert ("<h1>8 việc cần xem hôm nay</h1>" in today, "<h1>8 việc đang chờ</h1>" in queue) == (True, True)
    counted, _title, watched = today.partition("Để mắt tới, không tính vào số việc trên")
    assert ("/office/producers", "2 nơi làm chờ xác minh") in LINK.findall(counted)
    assert LINK.findall(watched) == [("/office/rounds", "2 hồ sơ trễ hạn")]
