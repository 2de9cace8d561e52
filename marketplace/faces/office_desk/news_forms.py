"""What the office types about articles, notices and newsletters."""

from collections.abc import Sequence
from datetime import datetime, time

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.faces.storefront.news_words import CATEGORIES, ROLES
from marketplace.people.accounts.models import Role
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import DayField, Form, LineField, TextField, day_in, hour_in
from marketplace.trade.news.models import Article, Category, Issue
from marketplace.trade.news.policies import CONCERNED
from marketplace.trade.news.services import ArticleFacts, IssueFacts, NoticeFacts

MARKDOWN = _l("Cách một dòng là đoạn mới; ## đầu mục; - gạch đầu dòng; **đậm**; [chữ](https://…).")
END_OF_DAY = time(23, 59, 59)


class ArticleForm(Form):
    """An article or a page of a handbook: texts, one more picture, when it shows. `seen` is the version changed."""

    seen = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    category = SelectField(
        _l("Chuyên mục"), choices=lambda: [SelectChoice(each.value, str(name)) for each, name in CATEGORIES.items()]
    )
    title = LineField(_l("Tên bài"))
    title_en = LineField(_l("Tên bằng tiếng Anh"))
    summary = LineField(_l("Một hai câu tóm tắt"))
    summary_en = LineField(_l("Tóm tắt bằng tiếng Anh"))
    text = TextField(_l("Nội dung"), description=MARKDOWN)
    text_en = TextField(_l("Nội dung bằng tiếng Anh"))
    place = IntegerField(_l("Thứ tự trong cẩm nang"), default=0, validators=[InputRequired(_l("Nhập một số."))])
    picture = FileField(_l("Ảnh"))
    alt = LineField(_l("Ảnh cho thấy gì"), default="")
    alt_en = LineField(_l("Bằng tiếng Anh"), default="")
    day = LineField(_l("Từ ngày"), description=_l("Để trống là ngay bây giờ."), default="")
    hour = LineField(_l("Giờ"), default="")

    @property
    def when(self) -> datetime | None:
        """From when it shows; None is now. What is no instant is None too, and told with all else."""
        return instant_in(self.day.data, self.hour.data)

    def validate_day(self, _field: object) -> None:
        """An hour without a day is no instant either."""
        if (self.day.data or self.hour.data) and self.when is None:
            raise ValidationError(_("Nhập ngày như 31/12/2026 và giờ như 7:30."))

    def mark_picture_gone(self) -> None:
        """Browsers keep no chosen file when a page is shown again: say that it is to be chosen once more."""
        if request.files.get(self.picture.name) and not self.picture.errors:
            self.picture.errors = [str(_l("Chưa thêm ảnh. Chọn lại tệp ảnh rồi gửi."))]

    def facts(self) -> ArticleFacts:
        """What was typed."""
        names = ("title", "title_en", "summary", "summary_en", "text", "text_en")
        typed = {name: self[name].data or "" for name in names}
        return ArticleFacts(category=Category(self.category.data), place=self.place.data, **typed)


def said(article: Article) -> dict[str, object]:
    """What the form starts with."""
    names = ("title", "title_en", "summary", "summary_en", "text", "text_en", "place")
    known = {name: getattr(article, name) for name in names}
    return known | {"category": article.category.value, "seen": article.version}


class NoticeForm(Form):
    """A word to those concerned."""

    role = SelectField(_l("Gửi tới"), choices=lambda: [SelectChoice(r.value, str(ROLES[r])) for r in CONCERNED])
    unit = SelectField(_l("Ở đâu"))
    title = LineField(_l("Tên thông báo"))
    title_en = LineField(_l("Tên bằng tiếng Anh"))
    text = TextField(_l("Nội dung"), description=MARKDOWN)
    text_en = TextField(_l("Nội dung bằng tiếng Anh"))
    until = DayField(_l("Đến hết ngày"))

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        """Places to choose from, or everywhere."""
        self.unit.choices = [SelectChoice("", _l("Cả tỉnh")), *(SelectChoice(mark, name) for mark, name in units)]

    def facts(self) -> NoticeFacts:
        """What was typed; raises Invalid where the day is none."""
        if self.until.data is None:
            raise Invalid({"until": N_("Nhập ngày như 31/12/2026.")})
        names = ("title", "title_en", "text", "text_en", "unit")
        typed = {name: self[name].data or "" for name in names}
        ends = datetime.combine(self.until.data, END_OF_DAY, VIETNAM)
        return NoticeFacts(role=Role(self.role.data), until=ends, **typed)


class IssueForm(Form):
    """A newsletter and its articles. `seen` is the mark of the draft that was changed."""

    seen = LineField(widget=HiddenInput(), default="")
    subject = LineField(_l("Tên bản tin"))
    subject_en = LineField(_l("Tên bằng tiếng Anh"))
    words = TextField(_l("Vài lời đầu thư"))
    words_en = TextField(_l("Vài lời bằng tiếng Anh"))
    articles = SelectMultipleField(_l("Các bài"))

    def offer(self, articles: Sequence[Article]) -> None:
        """Articles to choose from."""
        self.articles.choices = [SelectChoice(each.slug, each.title) for each in articles]

    def facts(self) -> IssueFacts:
        """What was typed."""
        typed = {name: self[name].data or "" for name in ("subject", "subject_en", "words", "words_en")}
        return IssueFacts(articles=tuple(self.articles.data or ()), **typed)


def typed_of(issue: Issue) -> dict[str, object]:
    """A newsletter as its form is filled."""
    said: dict[str, object] = {name: getattr(issue, name) for name in ("subject", "subject_en", "words", "words_en")}
    return {**said, "articles": [each.article.slug for each in issue.items]}


def instant_in(day: str, hour: str) -> datetime | None:
    """The instant that a day and an hour in Vietnam name, both said: which hour was meant is nobody's guess."""
    read, at = day_in(day), hour_in(hour)
    return datetime.combine(read, at, VIETNAM) if read and at is not None else None
