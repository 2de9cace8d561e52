"""The question before alcohol is shown, found or put in the cart."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.web.links import safe_target
from marketplace.shop.catalog.age import OF_AGE, remember

bp = Blueprint("age", __name__)


def ask_age(then: str) -> Response:
    """Send the visitor to the question, and from there on to `then`."""
    return redirect(url_for("age.question", next=then.rstrip("?")))


@bp.get("/age")
@allow(PUBLIC)
def question() -> str:
    target = safe_target(request.args.get("next"))
    return render_template("storefront/age.html", target=target, of_age=OF_AGE, refused=False)


@bp.post("/age")
@allow(PUBLIC)
def answer() -> Any:
    target = safe_target(request.form.get("next"))
    if request.form.get("answer") != "yes":
        return render_template("storefront/age.html", target=target, of_age=OF_AGE, refused=True)
    response = redirect(target)
    remember(response)
    return response
