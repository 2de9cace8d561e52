"""The pages a customer sees: paying, 3-D Secure, the end. Plain forms in Vietnamese or English."""

from contextlib import suppress

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from tests.peers.stripe import intents, sessions
from tests.peers.stripe.api import sweep
from tests.peers.stripe.cards import BY_NUMBER, CARDS, Card, passes_luhn
from tests.peers.stripe.errors import ApiError
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

Page = str | Response | tuple[str, int]

WORDS = {
    "pay_title": ("Thanh toán", "Pay"),
    "not_real": ("Trang thử: không có tiền thật.", "A test page: no real money."),
    "total": ("Tổng cộng", "Total"),
    "card_number": ("Số thẻ", "Card number"),
    "expiry": ("Hết hạn (tháng / năm)", "Expires (month / year)"),
    "cvc": ("Mã bảo mật (CVC)", "Security code (CVC)"),
    "pay": ("Trả", "Pay"),
    "cancel": ("Quay lại cửa hàng, chưa trả", "Back to the shop without paying"),
    "cards": ("Thẻ thử", "Test cards"),
    "failed": ("Chưa trả được", "The payment did not go through"),
    "secure_title": ("Xác thực 3-D Secure", "3-D Secure"),
    "secure_text": ("Ngân hàng của thẻ hỏi: đúng là bạn trả?", "The card's bank asks: is it you who pays?"),
    "complete": ("Xác thực", "Complete"),
    "fail": ("Từ chối", "Fail"),
    "paid": ("Đã trả rồi.", "This is paid."),
    "expired": ("Trang thanh toán này đã hết hạn.", "This payment page has expired."),
    "over": ("Bước này đã xong.", "This step is over."),
    "back": ("Về cửa hàng", "Back to the shop"),
    "card_declined": ("Thẻ bị từ chối. Xin thử thẻ khác.", "Your card was declined. Try another."),
    "insufficient_funds": ("Thẻ không đủ tiền. Xin thử thẻ khác.", "Your card has insufficient funds. Try another."),
    "payment_intent_authentication_failure": (
        "Chưa xác thực được thẻ. Xin thử lại.",
        "Your card was not authenticated. Try again.",
    ),
    "incorrect_number": ("Số thẻ không đúng.", "Your card number is incorrect."),
    "unknown_card": ("Trang thử chỉ nhận các thẻ thử dưới đây.", "This test page takes only the test cards below."),
}


def language(session: Json | None) -> str:
    """vi or en: as the buyer chose on the page, else as the shop asked for, else as the browser does."""
    if session and request.args.get("lang") in ("vi", "en"):
        session["_lang"] = request.args["lang"]
    asked = (session or {}).get("_lang") or (session or {}).get("locale") or "auto"
    if asked == "auto":
        asked = request.accept_languages.best_match(["vi", "en"]) or "vi"
    return "vi" if asked.startswith("vi") else "en"


def dong(amount: int, lang: str) -> str:
    """150000 as `150.000 ₫` or `₫150,000`; the space does not break."""
    grouped = f"{amount:,}"
    return grouped.replace(",", ".") + "\N{NO-BREAK SPACE}₫" if lang == "vi" else f"₫{grouped}"


def _show(template: str, session: Json | None, *, status: int = 200, **values: object) -> tuple[str, int]:
    lang = language(session)
    said = {name: pair[0 if lang == "vi" else 1] for name, pair in WORDS.items()}
    page = render_template(
        template, lang=lang, t=said, session=session, cards=CARDS, dong=lambda amount: dong(amount, lang), **values
    )
    return page, status


def _form(session: Json, *, error: str | None = None) -> tuple[str, int]:
    return _show("pay.html", session, status=402 if error else 200, error=error)


def _read_card() -> Card | str:
    number = "".join(request.form.get("number", "").split())
    if not number.isdecimal() or not number.isascii() or not passes_luhn(number):
        return "incorrect_number"
    return BY_NUMBER.get(number, "unknown_card")


def _onward(peer: Peer, session: Json) -> Page:
    if session["status"] == "complete":
        return redirect(sessions.destination(session), 303)
    if session["status"] == "expired":
        return _show("ended.html", session, status=410, word="expired", back=session["cancel_url"])
    intent = peer.state.find("payment_intent", session["payment_intent"] or "")
    if intent and intent["status"] == "requires_action":
        return redirect(intent["next_action"]["redirect_to_url"]["url"], 303)
    error = (intent or {}).get("last_payment_error") or {}
    return _form(session, error=error.get("decline_code") or error.get("code"))


def _pay(peer: Peer, session: Json) -> Page:
    card = _read_card()
    if isinstance(card, str):
        return _form(session, error=card)
    with suppress(ApiError):  # what the bank said stands in the intent
        sessions.pay(peer, session, card)
    return _onward(peer, session)


def pages(peer: Peer) -> Blueprint:
    """The hosted pages."""
    found = Blueprint("pages", __name__, template_folder="templates")

    def session_of(name: str) -> Json:
        sweep(peer)
        peer.request = {"id": None, "idempotency_key": None}
        return peer.state.find("checkout.session", name) or abort(404)

    @found.get("/c/pay/<name>")
    def look(name: str) -> Page:
        with peer.state.change():
            session = session_of(name)
            if session["status"] == "complete":
                return _show("ended.html", session, word="paid", back=sessions.destination(session))
            return _form(session) if session["status"] == "open" else _onward(peer, session)

    @found.post("/c/pay/<name>")
    def pay(name: str) -> Page:
        with peer.state.change():
            session = session_of(name)
            if "cancel" in request.form and session["cancel_url"]:
                return redirect(session["cancel_url"], 303)
            return _pay(peer, session) if session["status"] == "open" else _onward(peer, session)

    @found.route("/c/3ds/<name>", methods=["GET", "POST"])
    def secure(name: str) -> Page:
        with peer.state.change():
            intent = peer.state.find("payment_intent", name) or abort(404)
            session = session_of(intent["_session"]) if intent["_session"] else None
            if intent["status"] != "requires_action":
                return _show("ended.html", session, word="over", back=intent["_return_url"])
            if request.method == "GET":
                return _show("secure.html", session, intent=intent)
            intents.authenticate(peer, intent, passed="complete" in request.form)
            sessions.follow(peer, intent)
            if session:
                return _onward(peer, session)
            return redirect(intent["_return_url"] or request.path, 303)

    return found
