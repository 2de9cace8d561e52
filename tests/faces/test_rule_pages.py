"""/office/rulesets: which rules applied when, and what each says, in both languages."""

from datetime import datetime

from flask import Flask

from marketplace.people.accounts.models import Role
from tests.builders import make_user
from tests.conftest import Client
from tests.pages import sign_in


def test_an_officer_reads_the_rule_sets(app: Flask, client: Client, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get("/office/rulesets").text
    assert page.count("đang áp dụng") == 1
    assert page.index(">QĐ 1489/QĐ-TTg<") < page.index(">QĐ 1048/QĐ-TTg<")
    assert "24/02/2023 – 05/07/2025" in page
    first, amended, today = (client.get(f"/office/rulesets/{code}").text for code in ("1048", "781", "1489"))
    assert "Phiếu chấm: Rau, củ, quả, hạt tươi" in first
    assert "chưa có tiêu chí tối thiểu" in first
    assert "<b>5</b> Quốc tế" in first
    assert "(với 23 bộ sản phẩm)" in amended
    assert "(Thủ công mỹ nghệ trang trí; Thủ công mỹ nghệ gia dụng)" in amended
    assert "Chưa có phiếu nào có nguồn tin cậy" in today
    assert "Bản sắc, trí tuệ địa phương" in today
    english = client.get("/office/rulesets/1489?lang=en").text
    assert "Local identity and knowledge" in english
    assert "Every mandatory criterion of the 4-star class" in english
