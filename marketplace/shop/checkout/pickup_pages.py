"""Checkout where the buyer fetches the goods at a point instead of having them delivered."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from wtforms import SelectChoice

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.forms import told_on
from marketplace.shop.baskets.queries import contents
from marketplace.shop.baskets.views import own_basket
from marketplace.shop.checkout.forms import PickupForm
from marketplace.shop.checkout.services import save_pickup
from marketplace.shop.checkout.views import back_to_cart, known
from marketplace.shop.delivery.pickups import list_open_pickups
from marketplace.shop.payments.setup import prepays

bp = Blueprint("checkout_pickup", __name__)


@bp.route("/checkout/pickup", methods=["GET", "POST"])
@allow(PUBLIC)
def pickup() -> Any:
    points = list_open_pickups() if prepays() else []
    if not points:
        raise NotFound
    basket = own_basket()
    if basket is None or not contents(basket, at=now()).groups:
        return back_to_cart()
    form = PickupForm(data=known(basket, []))
    form.point.choices = [SelectChoice(each.code, each.name) for each in points]
    if form.validate_on_submit():
        with told_on(form), transaction():
            save_pickup(basket_id=basket.id, code=form.point.data or "", who=form.receiver(), at=now())
        if not form.errors:
            return redirect(url_for("checkout.check"))
    return render_template("checkout/pickup.html", form=form, points=points), 422 if form.errors else 200
