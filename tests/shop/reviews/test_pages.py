"""Reviews on pages: the order's, the product's, the office's, the maker's; and what strangers get."""

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.web.glue import limiter
from marketplace.registry.certification.models import Certificate
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import Order
from marketplace.shop.reviews.models import Review, ReviewReport, ReviewState
from marketplace.shop.reviews.services import report_review
from tests.builders import PASSWORD, make_order, make_user, revoke_certificate
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in
from tests.reviewing import buy, kept, make_review, make_shop, publish, receive, say
from tests.shop.reviews.test_writing import letters

PAGE = "/products/mien-cua-lo-mien"


def signed_in(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def at_line(order: Order) -> str:
    return f"/orders/{order.number}/reviews/1/1"


def ld(client: Client, path: str = PAGE) -> dict[str, object]:
    """The product as crawlers read it."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    return next(each for each in map(json.loads, found) if each["@type"] == "Product")


def test_a_guest_writes_by_the_order_s_link(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at, days_ago=3)
    key = order_key(order.number)
    page = client.get(f"/orders/{order.number}?key={key}").text
    assert f'href="{at_line(order)}?key={key}"' in page
    assert "đến hết ngày 18/02/2027" in page
    form = client.get(f"{at_line(order)}?key={key}")
    assert "đến hết ngày 18/02/2027, 90 ngày sau khi giao" in form.text
    fields = hidden(form, at_line(order))
    assert (fields["key"], fields["seen"]) == (key, "0")
    bad = client.post(at_line(order), data={**fields, "words": "x" * 1001, "named": "1"})
    assert bad.status_code == 422
    assert "Chọn từ 1 đến 5 sao." in bad.text
    assert "Viết ngắn hơn: nhiều nhất 1000 ký tự." in bad.text
    assert "x" * 1001 in bad.text
    assert re.search(r'name="named" value="1" checked', bad.text)
    assert "<title>Lỗi:" in bad.text
    done = client.post(at_line(order), data={**fields, "stars": "4", "words": "Ngon\nlắm", "named": "1"})
    assert done.headers["Location"] == f"/orders/{order.number}?key={key}#reviews"
    after = client.get(f"/orders/{order.number}?key={key}").text
    assert "Đã ghi. Lời đánh giá được cán bộ tỉnh xem rồi mới hiện" in after
    assert "chờ cán bộ xem" in after
    review = db.session.scalars(select(Review)).one()
    assert (review.stars, review.words, review.signed, review.language) == (4, "Ngon\nlắm", "Yến N.", "vi")
    again = client.get(f"{at_line(order)}?key={key}")
    assert ">Ngon\nlắm</textarea>" in again.text
    fields = hidden(again, at_line(order))
    old = client.post(at_line(order), data={**fields, "seen": "9", "stars": "1", "words": "Khác"})
    assert (old.status_code, "vừa thay đổi" in old.text, ">Khác</textarea>" in old.text) == (409, True, True)
    gone = client.post(f"{at_line(order)}/withdraw", data=hidden(again, f"{at_line(order)}/withdraw"))
    assert gone.status_code == 302
    assert "Viết đánh giá" in client.get(f"/orders/{order.number}?key={key}").text
    assert kept(review).state is ReviewState.WITHDRAWN


def test_a_member_writes_signed_in_and_reads_why_it_was_refused(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    buyer, officer = make_user(at=at), make_user(Role.PROVINCE_OFFICER, at=at)
    order = buy(variant, maker, at=at, by=buyer.actor())
    mine, office = signed_in(app, buyer), signed_in(app, officer)
    done = send(mine, f"{at_line(order)}?lang=en", stars="1", words="Call 0912345678", seen="0")
    assert done.headers["Location"] == f"/orders/{order.number}#reviews"
    review = db.session.scalars(select(Review)).one()
    assert review.language == "en"
    look = office.get(f"/office/reviews/{review.code}").text
    assert "Trong lời có số điện thoại." in look
    assert '<div class="review__words" lang="en">' in look
    bad = send(office, f"/office/reviews/{review.code}/refuse", seen="1.0", remark="Bỏ số")
    assert (bad.status_code, "Chọn một lý do." in bad.text, ">Bỏ số</textarea>" in bad.text) == (422, True, True)
    late = send(office, f"/office/reviews/{review.code}/publish", seen="1.1")
    assert (late.status_code, "vừa thay đổi" in late.text) == (409, True)
    sent = {"seen": "1.0", "ground": "advertising", "remark": "Bỏ số điện thoại"}
    assert send(office, f"/office/reviews/{review.code}/refuse", **sent).headers["Location"] == "/office/reviews"
    assert "1" in office.get("/office/reviews?pile=refused").text
    told = mine.get(f"{at_line(order)}?lang=vi").text
    assert "Lý do không đăng: Quảng cáo." in told
    assert "Bỏ số điện thoại" in told
    assert "không được đăng" in mine.get(f"/orders/{order.number}").text
    assert letters("review-refused%") == [("yen@example.com", "Your review is not shown: Miến của Lò miến")]


def test_before_delivery_and_after_ninety_days(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = make_order((variant, 1), at=at)
    key = order_key(order.number)
    assert "reviews/1/1" not in client.get(f"/orders/{order.number}?key={key}").text
    early = client.get(f"{at_line(order)}?key={key}").text
    assert "chưa giao tới nơi" in early
    assert 'name="stars"' not in early
    refused = send(client, at_line(order), key=key, stars="5", seen="0")
    assert (refused.status_code, "chưa giao tới nơi" in refused.text) == (409, True)
    receive(order, maker, at=at - timedelta(days=91))
    assert "hết hạn đánh giá từ sau ngày 22/11/2026" in client.get(f"/orders/{order.number}?key={key}").text
    assert send(client, at_line(order), key=key, stars="5", seen="0").status_code == 409
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_strangers_reach_nobody_s_line(app: Flask, client: Client, at: datetime) -> None:
    """Another's order, another's key, another's part and line: none exists, and nothing changes."""
    maker, _, variant = make_shop(at)
    buyer, stranger = make_user(at=at), make_user(at=at)
    order = buy(variant, maker, at=at, by=buyer.actor())
    theirs = buy(variant, maker, at=at, by=stranger.actor())
    review = say(order, at=at, words="Ngon", by=buyer.actor())
    for visitor in (
        client,
        signed_in(app, stranger),
        signed_in(app, maker),
        signed_in(app, make_user(Role.ADMIN, at=at)),
    ):
        for key in ("", order_key(theirs.number), "x"):
            assert visitor.get(f"{at_line(order)}?key={key}").status_code == 404
            assert send(visitor, at_line(order), key=key, stars="1", seen="1").status_code == 404
            assert send(visitor, f"{at_line(order)}/withdraw", key=key).status_code == 404
    own = signed_in(app, stranger)
    for path in ("reviews/1/2", "reviews/2/1", "reviews/9999/1"):
        assert send(own, f"/orders/{theirs.number}/{path}", stars="1").status_code == 404
    assert client.post(at_line(order), data={"key": order_key(order.number), "stars": "1"}).status_code == 400  # CSRF
    nul = send(client, at_line(order), key=order_key(order.number), stars="5", words="a\0b", seen="1")
    assert nul.status_code == 400
    now = kept(review)
    assert (now.words, now.version, now.state) == ("Ngon", 1, ReviewState.WAITING)


def test_the_product_s_page_sums_up_and_pages(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    assert "Chưa có đánh giá nào." in client.get(PAGE).text
    assert {"aggregateRating", "review"} & set(ld(client)) == set()
    assert client.get(f"/api/v1{PAGE}").get_json()["rating"] == {"average": None, "count": 0}
    for n in range(12):
        make_review(
            variant, maker, at=at + timedelta(minutes=n), stars=5 if n else 2, words=f"Lời thứ {n}.", named=True
        )
    make_review(variant, maker, at=at, stars=1, words="Chưa ai xem", shown=False)
    page = client.get(PAGE).text
    assert '<span class="reviews__average">4,8</span>' in page  # 57 of 12
    assert "12 đánh giá của người đã mua và nhận hàng" in page
    rows = re.findall(r'<th scope="row">(\d) sao</th>.*?width="(\d+)%".*?<b>(\d+)</b>', page)
    assert rows == [("5", "92", "11"), ("4", "0", "0"), ("3", "0", "0"), ("2", "8", "1"), ("1", "0", "0")]
    shown = re.findall(r"Lời thứ (\d+)\.", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
    assert shown == [str(n) for n in range(11, 1, -1)]
    assert "mua tháng 11/2026" in page
    assert '<b lang="vi">Yến N.</b>' in page
    assert "Chưa ai xem" not in page
    assert f'href="{PAGE}?reviews=2#reviews"' in page
    for path in (f"{PAGE}?reviews=2", f"{PAGE}?reviews=99", f"{PAGE}?lang=en&reviews=2"):
        second = re.sub(r"<script.*?</script>", "", client.get(path).text, flags=re.DOTALL)
        assert re.findall(r"Lời thứ (\d+)\.", second) == ["1", "0"]
    assert 'rel="canonical" href="http://localhost/products/mien-cua-lo-mien?reviews=2' in client.get(
        f"{PAGE}?reviews=2&lang=vi"
    ).text.replace("http://127.0.0.1:8000", "http://localhost")
    assert "4.8" in client.get(f"{PAGE}?lang=en").text
    found = ld(client)
    scale = {"bestRating": 5, "worstRating": 1}
    assert found["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": 4.8, "ratingCount": 12, **scale}
    reviews = found["review"]
    assert isinstance(reviews, list)
    assert (len(reviews), reviews[0]["reviewBody"], reviews[0]["author"]["name"]) == (10, "Lời thứ 11.", "Yến N.")
    assert client.get(f"/api/v1{PAGE}").get_json()["rating"] == {"average": 4.8, "count": 12}


def test_words_are_words_never_markup(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    bad = '<script>alert(1)</script>\n</textarea><img src=x onerror="x">'
    review = make_review(variant, maker, at=at, words=bad)
    desk, office = signed_in(app, maker), signed_in(app, make_user(Role.ADMIN, at=at))
    send(desk, f"/producer/reviews/{review.code}/reply", words=bad, seen="0")
    assert kept(review).reply == bad
    for visitor, path in (
        (client, PAGE),
        (desk, "/producer/reviews"),
        (desk, f"/producer/reviews/{review.code}"),
        (desk, f"/reviews/{review.code}/report"),
        (office, f"/office/reviews/{review.code}"),
        (office, "/office/reviews?pile=published"),
    ):
        page = visitor.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "alert(1)" in page, path


def test_stars_alone_have_no_body(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    make_review(variant, maker, at=at, stars=3)
    reviews = ld(client)["review"]
    assert isinstance(reviews, list)
    assert "reviewBody" not in reviews[0]
    assert reviews[0]["author"]["name"] == "Khách mua"
    assert "<b>A buyer</b>" in client.get(f"{PAGE}?lang=en").text


def test_reviews_outlive_the_certificate_but_the_page_does_not(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon")
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    assert client.get(PAGE).status_code == 404
    assert kept(review).state is ReviewState.PUBLISHED
    assert "Ngon" in signed_in(app, maker).get("/producer/reviews").text


def test_the_office_has_it_in_list_queue_and_errands(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Không có đánh giá nào ở đây." in office.get("/office/reviews").text
    waiting = make_review(variant, maker, at=at, words="Chờ", shown=False)
    shown = make_review(variant, maker, at=at, words="Hiện")
    by = make_user(at=at).actor()
    with transaction():
        report_review(code=shown.code, ground="other", words="Sai <b>hết</b>", by=by, at=at + timedelta(minutes=1))
    today = office.get("/office/").text
    assert 'href="/office/reviews"' in today
    assert "1 đánh giá chờ xem" in today
    assert "1 đánh giá bị báo" in today
    links = re.findall(r'<th class="lead" scope="row"><a href="([^"]+)"', office.get("/office/queue?kind=review").text)
    assert links == [f"/office/reviews/{waiting.code}", f"/office/reviews/{shown.code}"]
    assert send(office, f"/office/queue/review/{waiting.code}/take").status_code == 302
    assert "<h1>2 đánh giá chờ quyết định</h1>" in office.get("/office/reviews").text
    reported = office.get("/office/reviews?pile=reported").text
    assert (shown.code in reported, waiting.code in reported, "1 lần bị báo" in reported) == (True, False, True)
    look = office.get(f"/office/reviews/{shown.code}").text
    assert "Sai &lt;b&gt;hết" in look
    assert send(office, f"/office/reviews/{shown.code}/keep", seen="2.1").status_code == 302
    assert links[:1] == re.findall(
        r'<th class="lead" scope="row"><a href="([^"]+)"', office.get("/office/queue?kind=review").text
    )
    assert office.get("/office/reviews?pile=nothing&page=2").status_code == 200


def test_somebody_signed_in_reports(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon")
    path = f"/reviews/{review.code}/report"
    assert f'href="{path}"' in client.get(PAGE).text
    assert "/account/sign-in?next=" in client.get(path).headers["Location"]
    reader = signed_in(app, make_user(at=at))
    assert "Người viết không biết ai báo." in reader.get(path).text
    bad = send(reader, path, ground="other", words=" ")
    assert (bad.status_code, "Viết vài lời" in bad.text) == (422, True)
    assert 'value="other" checked' in bad.text
    assert send(reader, path, ground="off_topic").headers["Location"] == f"{PAGE}#reviews"
    assert "Ngon" in client.get(PAGE).text
    assert send(reader, path, ground="off_topic").status_code == 302
    assert "Bạn đã báo đánh giá này." in reader.get(PAGE).text
    assert db.session.scalar(select(func.count(ReviewReport.id))) == 1
    hidden_one = make_review(variant, maker, at=at, words="Kín", shown=False)
    assert reader.get(f"/reviews/{hidden_one.code}/report").status_code == 404


def test_the_maker_reads_and_replies(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    desk = signed_in(app, maker)
    assert "Chưa có đánh giá nào ở đây." in desk.get("/producer/reviews").text
    review = make_review(variant, maker, at=at, words="Ngon")
    answered = make_review(variant, maker, at=at, words="Được")
    base = f"/producer/reviews/{review.code}"
    send(desk, f"/producer/reviews/{answered.code}/reply", words="Cảm ơn", seen="0")
    page = desk.get("/producer/reviews?answered=no").text
    assert ("Ngon" in page, "Được" in page) == (True, False)
    bad = send(desk, f"{base}/reply", words="a" * 601, seen="0")
    assert (bad.status_code, "nhiều nhất 600 ký tự" in bad.text, "a" * 601 in bad.text) == (422, True, True)
    assert send(desk, f"{base}/reply", words="Mời chị\nquay lại", seen="0").status_code == 302
    shown = client.get(PAGE).text
    assert "<p>Mời chị</p><p>quay lại</p>" in shown
    assert "trả lời ngày 23/11/2026" in shown
    stale = send(desk, f"{base}/reply", words="Khác", seen="0")
    assert (stale.status_code, ">Khác</textarea>" in stale.text) == (409, True)
    assert "Rút lời đáp" in desk.get(base).text
    assert send(desk, f"{base}/reply/withdraw", seen="1").status_code == 302
    assert "Mời chị" not in client.get(PAGE).text
    stranger = signed_in(app, make_shop(at, "Lò khác")[0])
    assert stranger.get(base).status_code == 404
    assert send(stranger, f"{base}/reply", words="Chê", seen="2").status_code == 404
    assert send(stranger, f"{base}/reply/withdraw", seen="2").status_code == 404
    assert kept(review).reply == ""


def test_they_are_taken_along(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    buyer = make_user(at=at, name="Nguyễn Thị Sen")
    review = make_review(variant, maker, at=at, stars=4, words="Ngon", named=True, by=buyer.actor())
    theirs = make_review(variant, maker, at=at, words="Của người khác")
    with transaction():
        report_review(code=theirs.code, ground="other", words="Sai", by=buyer.actor(), at=at)
    visitor = signed_in(app, buyer)
    data = json.loads(send(visitor, "/account/data/export", **{"export-password": PASSWORD}).data)
    (mine,) = data["reviews"]
    wanted = {"code": review.code, "stars": 4, "words": "Ngon", "signed": "Sen N.", "state": "published"}
    assert {name: mine[name] for name in wanted} == wanted
    assert [each["words"] for each in data["reported_reviews"]] == ["Sai"]
    assert "Của người khác" not in json.dumps(data, ensure_ascii=False)
    assert "số sao đã đăng ở lại trên trang bán" in visitor.get("/account/data").text


def test_too_many_are_slowed_down(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon")
    reader = signed_in(app, make_user(at=at))
    limiter.enabled = True
    try:
        limiter.reset()
        answers = [send(reader, f"/reviews/{review.code}/report", ground="").status_code for _ in range(21)]
        assert (answers[:20], answers[20]) == ([422] * 20, 429)
    finally:
        limiter.reset()
        limiter.enabled = False


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_mended_words_leave_the_page_until_they_are_read(app: Flask, client: Client, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, words="Trước")
    publish(review, at=at)
    assert "Trước" in client.get(PAGE).text
    key = order_key(order.number)
    send(client, at_line(order), key=key, stars="5", words="Sau", seen="2")
    page = client.get(PAGE).text
    assert ("Trước" in page, "Sau," in page, "Chưa có đánh giá nào." in page) == (False, False, True)
