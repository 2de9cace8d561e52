"""Articles in words: categories, states, their text as HTML."""

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from marketplace.people.accounts.models import Role
from marketplace.platform.web.language import language
from marketplace.platform.web.written import html_of
from marketplace.trade.news.models import ArticleState, Category

CATEGORIES = {
    Category.PROGRAMME: _l("Chương trình OCOP"),
    Category.MARKET: _l("Thị trường"),
    Category.EVENTS: _l("Sự kiện"),
    Category.PEOPLE: _l("Người làm ra"),
    Category.PRODUCER_GUIDE: _l("Cẩm nang cho nơi làm"),
    Category.COMMUNE_GUIDE: _l("Cẩm nang cho xã"),
}
STATES = {
    ArticleState.DRAFT: (_l("Bản nháp"), ""),
    ArticleState.PUBLISHED: (_l("Đã đăng"), "ok"),
    ArticleState.WITHDRAWN: (_l("Đã gỡ"), "bad"),
}
ROLES = {
    Role.PRODUCER: _l("Nơi làm"),
    Role.DISTRIBUTOR: _l("Nơi phân phối"),
    Role.COMMUNE_OFFICER: _l("Cán bộ xã"),
    Role.DISTRICT_OFFICER: _l("Cán bộ huyện (cũ)"),
}


def written(text: str, text_en: str) -> Markup:
    """A Markdown text in the reader's language, marked where it is Vietnamese on an English page."""
    english = language() == "en"
    html = html_of(text_en if english and text_en else text)
    mark = Markup(' lang="vi"') if english and not text_en else Markup("")
    return Markup("<div{} class='prose'>{}</div>").format(mark, html)


def news_words() -> dict[str, Any]:
    """What the templates call these."""
    return {
        "category_name": lambda category: str(CATEGORIES[category]),
        "article_state": lambda state: (str(STATES[state][0]), STATES[state][1]),
        "role_name": lambda role: str(ROLES[role]),
        "written": written,
    }
