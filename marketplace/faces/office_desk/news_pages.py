"""The office writes news and handbook pages: drafts, pictures, a look beforehand, a time from which they are read."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.news_forms import ArticleForm, instant_in, said
from marketplace.faces.storefront.news_words import CATEGORIES, news_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import MOST_BYTES
from marketplace.platform.media.keeping import put_picture
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.news.models import Category
from marketplace.trade.news.policies import WRITE_NEWS
from marketplace.trade.news.queries import count_articles, get_article, list_articles
from marketplace.trade.news.services import (
    add_picture,
    change_article,
    publish_article,
    remove_picture,
    withdraw_article,
    write_article,
)

bp = Blueprint("office_news", __name__, url_prefix="/office/news")
A_PAGE = 30


@bp.get("")
@allow(WRITE_NEWS)
def articles() -> str:
    page, asked = read_page(), request.args.get("category", "")
    category = Category(asked) if asked in set(Category) else None
    return render_template(
        "office_desk/articles.html",
        articles=list_articles(category=category, page=page, per_page=A_PAGE),
        categories=CATEGORIES,
        category=category,
        page=page,
        pages=max(1, -(-count_articles(category=category) // A_PAGE)),
        at=now(),
        **news_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def new() -> Any:
    form = ArticleForm()
    if form.validate_on_submit():
        with told_on(form), transaction():
            slug = write_article(facts=form.facts(), by=current_actor(), at=now()).slug
        if not form.errors:
            flash(_("Đã lưu nháp."), "ok")
            return redirect(_there(slug))
    page = render_template("office_desk/article.html", form=form, article=None, errors={}, typed={}, **news_words())
    return page, 422 if form.errors else 200


@bp.route("/<slug>", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def article(slug: str) -> Any:
    found = get_article(slug, by=current_actor())
    form = ArticleForm(data=None if request.method == "POST" else said(found))
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            change_article(slug=slug, facts=form.facts(), seen=form.seen.data or 0, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(_there(slug))
    return _page(slug, form), 422 if form.errors else 200


def _page(slug: str, form: ArticleForm | None = None, errors: dict[str, str] | None = None) -> str:
    found = get_article(slug, by=current_actor())
    return render_template(
        "office_desk/article.html",
        article=found,
        form=form or ArticleForm(formdata=None, data=said(found)),
        errors=errors or {},
        typed=request.form if errors else {},
        at=now(),
        **news_words(),
    )


@bp.get("/<slug>/preview")
@allow(WRITE_NEWS)
def preview(slug: str) -> str:
    found = get_article(slug, by=current_actor())
    return render_template("office_desk/article_preview.html", article=found, **news_words())


@bp.post("/<slug>/publish")
@allow(WRITE_NEWS)
def publish(slug: str) -> Any:
    def act(**who: Any) -> None:
        publish_article(when=instant_in(request.form.get("day", ""), request.form.get("hour", "")), **who)

    return _do(slug, act, N_("Đã đăng. Bài hiện từ giờ đã chọn, không phải làm gì thêm."))


@bp.post("/<slug>/withdraw")
@allow(WRITE_NEWS)
def withdraw(slug: str) -> Any:
    return _do(slug, withdraw_article, N_("Đã gỡ bài."))


@bp.post("/<slug>/pictures")
@allow(WRITE_NEWS)
@limiter.limit("240 per hour")
def pictures(slug: str) -> Any:
    """A picture is taken in before the write block opens."""
    get_article(slug, by=current_actor())
    words = {name: request.form.get(name, "") for name in ("alt", "alt_en")}

    def act() -> None:
        sent, at = request.files.get("picture"), now()
        made = put_picture(sent.read(MOST_BYTES + 1) if sent else b"", at=at)
        with transaction():
            add_picture(slug=slug, made=made, by=current_actor(), at=at, **words)

    came = perform(act, _("Đã thêm ảnh."), blocked=False)
    return (_page(slug, errors=came.errors), 422) if came.errors else redirect(_there(slug))


@bp.post("/<slug>/pictures/<name>/drop")
@allow(WRITE_NEWS)
def picture_off(slug: str, name: str) -> Any:
    return _do(slug, partial(remove_picture, name=name), N_("Đã bỏ ảnh."))


def _do(slug: str, verb: Callable[..., Any], done: str) -> Any:
    act = partial(verb, slug=slug, by=current_actor(), at=now())
    return answered(act, _(done), again=lambda errors: _page(slug, errors=errors), then=_there(slug))


def _there(slug: str) -> str:
    return url_for("office_news.article", slug=slug)
