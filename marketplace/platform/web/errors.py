"""Every refusal is answered here: as a page, an htmx fragment, or a problem document (RFC 9457)."""

from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError

from marketplace.platform.core.context import request_id
from marketplace.platform.core.db import is_collision
from marketplace.platform.core.errors import Conflict, Invalid, Refusal
from marketplace.platform.core.log import log
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language

TITLES = {
    400: N_("Yêu cầu chưa đúng"),
    403: N_("Không có quyền"),
    404: N_("Không tìm thấy"),
    405: N_("Cách gọi không đúng"),
    409: N_("Chưa làm được"),
    413: N_("Dữ liệu gửi lên quá lớn"),
    422: N_("Có chỗ cần sửa"),
    429: N_("Bạn thử quá nhiều lần"),
    500: N_("Có lỗi ở phía chúng tôi"),
}
SENTENCES = {
    400: N_("Máy chủ không hiểu yêu cầu này. Hãy quay lại và thử lần nữa."),
    403: N_("Tài khoản của bạn không có quyền làm việc này."),
    404: N_("Không tìm thấy trang hoặc mục bạn cần."),
    405: N_("Trang này không nhận cách gọi ấy."),
    413: N_("Tệp hoặc biểu mẫu lớn quá mức cho phép."),
    429: N_("Hãy đợi vài phút rồi thử lại."),
    500: N_("Việc bạn làm chưa được ghi lại. Hãy thử lại; nếu vẫn lỗi, báo cho chúng tôi mã dưới đây."),
}


def init_errors(app: Flask) -> None:
    """Answer refusals, HTTP errors and the unexpected in one place."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _collided)
    app.register_error_handler(Exception, _unexpected)


def sentence(refusal: Refusal) -> str:
    """The refusal's message in the reader's language, its gaps filled."""
    return str(gettext(refusal.message) % refusal.facts)


def wants_json() -> bool:
    """Whether this request is the API's, answered by problem documents."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document (RFC 9457)."""
    body = {
        "type": f"/api/docs#{code}",
        "title": gettext(TITLES.get(status, TITLES[400])),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id(),
        **more,
    }
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _refusal(refusal: Refusal) -> Response:
    more = {"errors": {k: gettext(v) for k, v in refusal.fields.items()}} if isinstance(refusal, Invalid) else {}
    return _answer(refusal.status, refusal.code, sentence(refusal), **more)


def _csrf(_error: CSRFError) -> Response:
    return _answer(
        400,
        "csrf",
        gettext("Trang mở quá lâu nên phiên làm việc đã hết hạn. Hãy quay lại, tải lại trang rồi gửi lại."),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = _answer(status, error.name.lower().replace(" ", "_"), gettext(SENTENCES.get(status, SENTENCES[400])))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _collided(error: DBAPIError) -> Any:
    """Somebody wrote the same row a moment earlier: ask the view once more, which now sees theirs.

    Its block was rolled back whole, so asking again repeats nothing. Any other database error is unexpected.
    """
    if not is_collision(error):
        return _unexpected(error)
    view = current_app.view_functions[request.endpoint or ""]
    try:
        return view(**(request.view_args or {}))
    except DBAPIError as again:
        return _refusal(Conflict()) if is_collision(again) else _unexpected(again)
    except Refusal as refusal:
        return _refusal(refusal)
    except HTTPException as answer:
        return _http(answer)


def _unexpected(error: Exception) -> Response:
    if current_app.testing:
        raise error  # a test must see it
    log.exception("unexpected", error=repr(error))
    return _http(InternalServerError())


def _answer(status: int, code: str, detail: str, **more: Any) -> Response:
    if wants_json():
        return problem(status, code, detail, **more)
    title = gettext(TITLES.get(status, TITLES[400]))
    if status >= 500:
        return make_response(_failure(title, detail), status)
    template = "layout/error_fragment.html" if request.headers.get("HX-Request") else "layout/error.html"
    guess = request.path.rsplit("/", 1)[-1].replace("-", " ") if status == 404 else ""
    page = render_template(template, status=status, title=title, detail=detail, guess=guess[:80])
    return make_response(page, status)


def _failure(title: str, detail: str) -> str:
    """A page that asks nothing of the database: it may be what failed."""
    facts = {
        "title": title,
        "detail": detail,
        "request_id": request_id(),
        "lang": language(),
        "site_name": current_app.config["SETTINGS"].site_name,
    }
    return current_app.jinja_env.get_template("layout/failure.html").render(facts)
