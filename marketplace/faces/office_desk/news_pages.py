"""The office writes news and handbook pages: drafts, pictures, a look beforehand, a time from which they are read."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.news_forms import ArticleForm, said
from marketplace.faces.storefront.news_words import CATEGORIES, news_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import MOST_BYTES, Made
from marketplace.platform.media.keeping import put_picture
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.glue import limiter
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
PICTURES = "240 per hour"
WHEN = ("day", "hour")


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
    page = render_template("office_desk/article.html", form=form, article=None, **news_words())
    return page, 422 if form.errors else 200


@bp.get("/<slug>")
@allow(WRITE_NEWS)
def article(slug: str) -> str:
    """The page on which all is one form, so that no button throws away what stands in the other boxes."""
    when = {name: request.args.get(name, "") for name in WHEN}
    return _page(slug, ArticleForm(data={**said(get_article(slug, by=current_actor())), **when}))


def _page(slug: str, form: ArticleForm) -> str:
    found = get_article(slug, by=current_actor())
    return render_template("office_desk/article.html", article=found, form=form, at=now(), **news_words())


@bp.get("/<slug>/preview")
@allow(WRITE_NEWS)
def preview(slug: str) -> str:
    found = get_article(slug, by=current_actor())
    return render_template("office_desk/article_preview.html", article=found, **news_words())


@bp.post("/<slug>")
@allow(WRITE_NEWS)
@limiter.limit(PICTURES)
def save(slug: str) -> Any:
    return _save(slug, ArticleForm(), N_("Đã lưu."))


@bp.post("/<slug>/publish")
@allow(WRITE_NEWS)
@limiter.limit(PICTURES)
def publish(slug: str) -> Any:
    form = ArticleForm()
    later = form.when is not None and form.when > now()
    done = N_("Đã đăng. Bài hiện từ giờ đã chọn, không phải làm gì thêm.") if later else N_("Đã đăng: bài đang hiện.")
    return _save(slug, form, done, partial(publish_article, when=form.when), kept=())


@bp.post("/<slug>/withdraw")
@allow(WRITE_NEWS)
@limiter.limit(PICTURES)
def withdraw(slug: str) -> Any:
    return _save(slug, ArticleForm(), N_("Đã gỡ bài."), withdraw_article)


@bp.post("/<slug>/pictures")
@allow(WRITE_NEWS)
@limiter.limit(PICTURES)
def pictures(slug: str) -> Any:
    return _save(slug, ArticleForm(), N_("Đã thêm ảnh."), pictured=True)


@bp.post("/<slug>/pictures/<name>/drop")
@allow(WRITE_NEWS)
@limiter.limit(PICTURES)
def picture_off(slug: str, name: str) -> Any:
    return _save(slug, ArticleForm(), N_("Đã bỏ ảnh."), partial(remove_picture, name=name))


Verb = Callable[..., object]


def _save(
    slug: str, form: ArticleForm, done: str, also: Verb | None = None, *, pictured: bool = False, kept: Any = WHEN
) -> Any:
    """Whichever button was pressed: keep what was typed, show the picture that was chosen, then do what else it says.

    All of it or none. `pictured`: there must be a picture; `kept`: what goes on to the next page, as no row keeps it.
    """
    get_article(slug, by=current_actor())
    at = now()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"slug": slug, "by": current_actor(), "at": at}
        with told_on(form, Refusal):
            made = _picture(form, at, needed=pictured)
            with transaction():
                change_article(facts=form.facts(), seen=form.seen.data or 0, **facts)
                if made:
                    add_picture(made=made, alt=form.alt.data, alt_en=form.alt_en.data, **facts)
                if also:
                    also(**facts)
    if form.errors:
        form.mark_picture_gone()
        return _page(slug, form), 422
    flash(_(done), "ok")
    return redirect(_there(slug, **{name: form[name].data or None for name in kept}))


def _picture(form: ArticleForm, at: datetime, *, needed: bool) -> Made | None:
    """The picture that was sent, taken in before the write block opens; who says what one shows has one in mind."""
    sent = request.files.get("picture")
    if not (sent or needed or form.alt.data or form.alt_en.data):
        return None
    if not sent:
        return put_picture(b"", at=at)  # which says what is wrong
    sent.stream.seek(0)  # the view may be asked once more after a collision
    return put_picture(sent.read(MOST_BYTES + 1), at=at)


def _there(slug: str, **more: Any) -> str:
    return url_for("office_news.article", slug=slug, **more)
