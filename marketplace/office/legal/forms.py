"""What an administrator types into a legal page."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from marketplace.office.legal.services import NewWording
from marketplace.platform.web.forms import Form, LineField


class PageForm(Form):
    """A wording in both languages, from when it holds, and why."""

    text = TextAreaField(_l("Tiếng Việt"), description=_l("Markdown: # tiêu đề, - gạch đầu dòng, **đậm**."))
    text_en = TextAreaField(_l("Tiếng Anh"))
    effective_on = DateField(_l("Có hiệu lực từ"), validators=[DataRequired(_l("Nhập ngày có hiệu lực"))])
    reason = LineField(_l("Vì sao sửa"), validators=[Length(max=300)])
    seen = IntegerField(widget=HiddenInput(), default=0)

    def wording(self) -> NewWording:
        """What was typed."""
        seen = self.seen.data if isinstance(self.seen.data, int) else -1
        texts = ((self.text.data or "").replace("\r\n", "\n"), (self.text_en.data or "").replace("\r\n", "\n"))
        return NewWording(*texts, self.effective_on.data, self.reason.data or "", seen)
