"""News as the public reads them, their Atom feed, the handbooks of those concerned."""

from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.findable import Ld, address, crumbs_ld
from marketplace.faces.storefront.news_words import CATEGORIES, news_words, written
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.media.rules import jpeg_path
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.language import language
from marketplace.trade.news.models import NEWS, Article, Category
from marketplace.trade.news.policies import READ_HANDBOOK
from marketplace.trade.news.queries import count_news, get_guide, get_news, list_guides, list_news

bp = Blueprint("news", __name__)
A_PAGE = 12
IN_FEED = 20


@bp.get("/news")
@allow(PUBLIC)
def news() -> str:
    at, page, asked = now(), read_page(), request.args.get("category", "")
    category = Category(asked) if asked in set(NEWS) else None
    return render_template(
        "storefront/news.html",
        articles=list_news(at, category=category, page=page, per_page=A_PAGE),
        category=category,
        categories=NEWS,
        page=page,
        pages=max(1, -(-count_news(at, category=category) // A_PAGE)),
        **news_words(),
    )


@bp.get("/news/<slug>")
@allow(PUBLIC)
def article(slug: str) -> str:
    found = get_news(slug, now())
    trail = [(_("Tin"), "/news"), (found.title, "")]
    return render_template(
        "storefront/article.html", article=found, trail=trail, ld=[article_ld(found), crumbs_ld(trail)], **news_words()
    )


@bp.get("/news/feed.xml")
@allow(PUBLIC)
def feed() -> Response:
    """Atom (RFC 4287) of the newest articles in the reader's language."""
    articles, lang = list_news(now(), per_page=IN_FEED), language()
    changed = max((each.updated_at for each in articles), default=now())
    title = current_app.config["SETTINGS"].site_name
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
        f"<id>{escape(address('/news'))}</id>\n<title>{escape(title)}</title>\n"
        f"<updated>{changed.isoformat()}</updated>\n<author><name>{escape(title)}</name></author>\n"
        f'<link rel="self" href="{escape(address("/news/feed.xml", lang))}"/>\n'
        f'<link rel="alternate" type="text/html" href="{escape(address("/news", lang))}"/>\n'
    )
    body = "".join(_entry(each, lang) for each in articles)
    return Response(f"{head}{body}</feed>\n", mimetype="application/atom+xml")


def _entry(article: Article, lang: str) -> str:
    english = lang == "en"
    title = article.title_en if english and article.title_en else article.title
    summary = article.summary_en if english and article.summary_en else article.summary
    url, published = address(f"/news/{article.slug}", lang), article.published_at
    return (
        f"<entry><id>{escape(address(f'/news/{article.slug}'))}</id><title>{escape(title)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/>'
        f"<published>{published.isoformat() if published else ''}</published>"
        f"<updated>{max(article.updated_at, published or article.updated_at).isoformat()}</updated>"
        f'<category term="{article.category.value}" label="{escape(str(CATEGORIES[article.category]))}"/>'
        f"<summary>{escape(summary)}</summary>"
        f'<content type="html">{escape(str(written(article.text, article.text_en)))}</content></entry>\n'
    )


def article_ld(article: Article) -> Ld:
    """schema.org NewsArticle of an article."""
    english = language() == "en"
    ld: Ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title_en if english and article.title_en else article.title,
        "url": address(f"/news/{article.slug}", language()),
        "datePublished": article.published_at.isoformat() if article.published_at else "",
        "dateModified": article.updated_at.isoformat(),
    }
    if article.pictures:
        ld["image"] = address(jpeg_path(article.pictures[0].picture.name))
    return ld


@bp.get("/handbook")
@allow(READ_HANDBOOK)
def handbook() -> str:
    guides = list_guides(now(), by=current_actor())
    return render_template("storefront/handbook.html", guides=guides, **news_words())


@bp.get("/handbook/<slug>")
@allow(READ_HANDBOOK)
def guide(slug: str) -> str:
    at, by = now(), current_actor()
    found = get_guide(slug, at, by=by)
    others = [each for each in list_guides(at, by=by) if each.category is found.category]
    return render_template("storefront/guide.html", article=found, others=others, **news_words())
