"""Labels with our signature in their QR code: ours, forged, copied, of before; the record on paper says the same."""

from base64 import b64decode
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from config import Settings
from marketplace.people.accounts.models import Role
from marketplace.platform.web.qr import picture
from marketplace.registry.certification.models import Certificate
from marketplace.registry.stamps.rules import Stamp, public_key, sign
from tests.builders import make_certificate, make_producer, make_product, make_user, revoke_certificate
from tests.conftest import TODAY, Client
from tests.pages import sign_in
from tests.pdf_text import pdf_words

OURS = "Chữ ký trên tem đúng là của tỉnh"
FORGED = ">Tem giả<"
SEED = Settings().signing_seed
OTHER = bytes(range(40, 72))


def certified(at: datetime, name: str = "Miến dong", printed: str = "") -> tuple[Certificate, Stamp]:
    product = make_product(make_producer("HTX Bình Lư", at=at), name, at=at)
    c = make_certificate(product, at=at, printed=printed)
    return c, Stamp(c.code, product.code, c.stars, c.issued_on, c.expires_on)


def signature(client: Client, code: str, token: str) -> str:
    answer = client.get(f"/api/v1/certificates/{code}", query_string={"s": token}).json
    assert answer is not None
    return str(answer["signature"])


def test_a_label_of_ours(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    token = sign(stamp, SEED)
    page = client.get(f"/verify/{c.code}?s={token}")
    assert page.status_code == 200
    assert OURS in page.text
    assert "Thật và còn hiệu lực" in page.text
    assert FORGED not in page.text
    assert signature(client, c.code, token) == "good"
    bare = client.get(f"/verify/{c.code}").text
    assert (OURS in bare, FORGED in bare, "Thật và còn hiệu lực" in bare) == (False, False, True)
    answer = client.get(f"/api/v1/certificates/{c.code}").json
    assert answer is not None
    assert answer["signature"] == "absent"


def test_the_qr_codes_carry_the_signed_address(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    signed = f"{Settings().site_url}/verify/{c.code}?s={sign(stamp, SEED)}"
    for form in ("svg", "png"):
        assert client.get(f"/verify/{c.code}/qr.{form}").data == picture(signed, form)


def test_a_forged_signature_is_called_forged(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    good = sign(stamp, SEED)
    for token in (sign(stamp, OTHER), "x", "", good[:-1], good.swapcase(), sign(replace(stamp, stars=5), OTHER)):
        page = client.get(f"/verify/{c.code}", query_string={"s": token})
        assert page.status_code == 200
        assert FORGED in page.text
        assert "báo cho cơ quan nông nghiệp" in page.text
        assert "Yên tâm mua" not in page.text
        assert "Thật và còn hiệu lực" not in page.text
        assert OURS not in page.text
        if token:
            assert signature(client, c.code, token) == "bad"


def test_a_label_copied_from_another_certificate_is_forged(app: Flask, client: Client, at: datetime) -> None:
    (one, _), (_, other) = certified(at), certified(at, "Chè Shan")
    token = sign(other, SEED)
    page = client.get(f"/verify/{one.code}?s={token}").text
    assert (FORGED in page, OURS in page) == (True, False)
    assert signature(client, one.code, token) == "bad"


def test_the_register_counts_and_the_signature_says_who_printed_it(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    revoke_certificate(c, at=at)
    page = client.get(f"/verify/{c.code}?s={sign(stamp, SEED)}").text
    assert OURS in page
    assert "Chữ ký chỉ cho biết tem do ai in" in page
    assert "Đã bị thu hồi từ ngày" in page
    assert "Yên tâm mua" not in page


def test_a_register_set_right_after_printing(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    page = client.get(f"/verify/{c.code}?s={sign(replace(stamp, stars=3), SEED)}").text
    assert (OURS in page, FORGED in page) == (True, False)
    assert "Sổ đã được sửa sau ngày in tem: trên tem là 3 sao" in page
    assert "Sổ đã được sửa" not in client.get(f"/verify/{c.code}?s={sign(stamp, SEED)}").text


def test_an_unknown_number_with_a_signature_of_ours(app: Flask, client: Client, at: datetime) -> None:
    gone = Stamp("CN2K1GW5V9", "SPP7J8HWE0", 4, date(2025, 12, 30), date(2028, 12, 30))
    page = client.get(f"/verify/{gone.code}?s={sign(gone, SEED)}")
    assert page.status_code == 404
    assert "nhưng giấy này không còn trong sổ" in page.text
    for fact in ("SPP7J8HWE0", "4 sao", "30/12/2025", "30/12/2028"):
        assert fact in page.text
    assert FORGED not in page.text
    assert client.get(f"/verify/cn 2k1gw5v9?s={sign(gone, SEED)}").status_code == 404
    assert client.get(f"/api/v1/certificates/{gone.code}?s={sign(gone, SEED)}").status_code == 404


def test_an_unknown_number_without_one(app: Flask, client: Client, at: datetime) -> None:
    _, stamp = certified(at)
    for token in (sign(replace(stamp, code="CN00000000"), OTHER), "x", sign(stamp, SEED)):
        page = client.get(f"/verify/CN00000000?s={token}")
        assert (page.status_code, FORGED in page.text, OURS in page.text) == (404, True, False)
    bare = client.get("/verify/CN00000000").text
    assert FORGED not in bare
    assert "nhãn có thể là giả" in bare


def test_a_number_printed_twice_is_told_apart_by_the_stamp(app: Flask, client: Client, at: datetime) -> None:
    (_, one), (_, _other) = certified(at, printed="7/2026"), certified(at, "Chè Shan", printed="7/2026")
    assert "Số này được in trên 2 giấy" in client.get("/verify/7/2026").text
    page = client.get(f"/verify/7/2026?s={sign(one, SEED)}").text
    assert (OURS in page, "Chè Shan" in page, "Miến dong" in page) == (True, False, True)
    forged = client.get("/verify/7/2026?s=x").text
    assert (FORGED in forged, "Chè Shan" in forged, forged.count("<h1")) == (True, True, 1)


def test_labels_stay_good_after_a_change_of_key(
    app: Flask, client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    c, stamp = certified(at)
    old = sign(stamp, SEED)
    changed = replace(app.config["SETTINGS"], signing_key=OTHER.hex())
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    assert signature(client, c.code, old) == "bad"
    monkeypatch.setitem(app.config, "SETTINGS", replace(changed, signing_keys_before=(public_key(SEED),)))
    assert signature(client, c.code, old) == "good"
    assert signature(client, c.code, sign(stamp, OTHER)) == "good"
    keys = [line.split() for line in client.get("/verify/key").text.splitlines() if line.startswith("ed25519 ")]
    assert [(b64decode(key), rest) for _, key, *rest in keys] == [
        (public_key(OTHER), []),
        (public_key(SEED), ["before"]),
    ]


def test_the_key_is_published_with_how_to_use_it(app: Flask, client: Client, at: datetime) -> None:
    answer = client.get("/verify/key")
    assert (answer.mimetype, answer.text.split()[0]) == ("text/plain", "ed25519")
    assert b64decode(answer.text.split()[1]) == public_key(SEED)
    assert "“ocop-stamp:”" in answer.text


def test_the_commands_show_and_make_keys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    run = app.test_cli_runner().invoke
    shown = run(args=["certificates", "key"]).output.split()
    assert [b64decode(key) for key in shown] == [public_key(SEED)]
    made, public, *more = run(args=["certificates", "new-key"]).output.splitlines()
    seed = b64decode(made.removeprefix("SIGNING_KEY="))
    assert b64decode(public.rpartition(" ")[2]) == public_key(seed)
    assert more == [], "the key of development is not one to trust later"
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], signing_key=OTHER.hex()))
    *_, before = run(args=["certificates", "new-key"]).output.splitlines()
    assert b64decode(before.partition("SIGNING_KEYS_BEFORE=")[2]) == public_key(OTHER)


def words_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert b"/StructTreeRoot" in answer.data, "tagged, for a screen reader"
    return " ".join(pdf_words(answer.data).split())


def test_the_record_on_paper(app: Flask, client: Client, at: datetime) -> None:
    c, _ = certified(at, "Miến dong ngũ sắc #evil[x]", printed="7/2026/OCOP")
    code, last = c.code, c.expires_on
    words = words_of(client, f"/verify/{code}/record.pdf")
    for said in (
        "Bản ghi trong sổ của tỉnh, không thay giấy chứng nhận",
        f"Còn hiệu lực Đến hết ngày {last:%d/%m/%Y}.",
        "Miến dong ngũ sắc #evil[x]",
        "HTX Bình Lư",
        "4 trên 5 sao",
        "QĐ 148/QĐ-TTg",
        "Cơ quan Thử",
        "7/2026/OCOP",
        f"Mã tra cứu {code}",
        f"In ngày {TODAY:%d/%m/%Y}",
    ):
        assert said in words, said
    english = words_of(client, f"/verify/{code}/record.pdf?lang=en")
    assert "4 of 5 stars" in english
    assert "Còn hiệu lực" not in english
    assert client.get("/verify/CN00000000/record.pdf").status_code == 404
    assert client.get("/verify/7/2026/OCOP/record.pdf").status_code == 404


def test_the_record_of_what_no_longer_counts_says_so_first(app: Flask, client: Client, at: datetime) -> None:
    revoked, _ = certified(at)
    tea = make_product(make_producer(at=at), "Chè", at=at)
    lapsed = make_certificate(tea, at=at, days_ago=500, expires_on=TODAY - timedelta(days=1))
    revoke_certificate(revoked, at=at, reason="Kiểm tra không đạt")
    product = make_product(make_producer(at=at), "Bốn sao xưa", at=at)
    superseded = make_certificate(product, at=at, stars=4, days_ago=800)
    make_certificate(product, at=at, stars=3, days_ago=10)
    for certificate, large, why in (
        (revoked, "Đã bị thu hồi", "Kiểm tra không đạt"),
        (lapsed, "Đã hết hạn", "sản phẩm không được mang sao này nữa"),
        (superseded, "Đã được thay", "Đã có quyết định mới hơn"),
    ):
        words = words_of(client, f"/verify/{certificate.code}/record.pdf")
        assert words.index(large) < words.index(why) < words.index("trên 5 sao")
        assert "Còn hiệu lực" not in words


def test_the_record_is_linked(app: Flask, client: Client, at: datetime) -> None:
    c, stamp = certified(at)
    path = f"/verify/{c.code}/record.pdf"
    assert path in client.get(f"/verify/{c.code}").text
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert path in client.get(f"/office/certification/products/{stamp.product_code}").text
