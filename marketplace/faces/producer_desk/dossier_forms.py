"""What a producer types about its product for a dossier."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, ValidationError

from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.dossiers.services import IdeaFacts


def _sets() -> list[SelectChoice]:
    english = language() == "en"
    return [SelectChoice(s.code, f"{s.code} · {s.name_en if english else s.name}") for s in all_sets()]


FEWEST_WORDS = 2


class IdeaForm(Form):
    """The matter of the registration form (forms 01 and 02). `told_anew`: of a product not certified before."""

    told_anew = True

    name = LineField(_l("Tên sản phẩm"), validators=[DataRequired(_l("Nhập tên sản phẩm")), Length(max=200)])
    name_en = LineField(_l("Tên tiếng Anh"), validators=[Length(max=200)])
    set_code = SelectField(_l("Bộ sản phẩm"), choices=_sets)
    exists = RadioField(
        _l("Sản phẩm này"),
        choices=[SelectChoice("no", _l("mới là ý tưởng")), SelectChoice("yes", _l("đã làm, đã bán"))],
        default="no",
    )
    idea = TextField(
        _l("Ý tưởng: món này là gì, vì sao làm ở đây"),
        description=_l("Vài dòng là đủ: nghề của ai, có từ bao giờ, khác nơi khác ở chỗ nào."),
        validators=[Length(max=6000)],
    )
    materials = TextField(
        _l("Nguyên liệu lấy ở đâu"),
        description=_l("Bao nhiêu phần lấy trong xã, trong tỉnh."),
        validators=[Length(max=6000)],
    )
    labour = TextField(
        _l("Ai làm"),
        description=_l("Bao nhiêu người, bao nhiêu người trong xã, phụ nữ, người dân tộc thiểu số."),
        validators=[Length(max=6000)],
    )
    market = TextField(_l("Bán ở đâu, cho ai"), validators=[Length(max=6000)])
    wanted_stars = RadioField(
        _l("Muốn đạt"),
        choices=[SelectChoice("3", _l("3 sao")), SelectChoice("4", _l("4 sao")), SelectChoice("5", _l("5 sao"))],
        default="3",
    )

    def validate_idea(self, field: TextField) -> None:
        """A product that is new to the register is told of, for somebody has to answer; a renewal says what changed."""
        if self.told_anew and len((field.data or "").split()) < FEWEST_WORDS:
            raise ValidationError(
                _("Kể vài dòng: món này là gì, ai làm, khác nơi khác ở chỗ nào. Một hai chữ thì xã chưa trả lời được.")
            )

    def facts(self) -> IdeaFacts:
        """What was typed."""
        names = ("name", "name_en", "set_code", "idea", "materials", "labour", "market")
        said = {name: self[name].data or "" for name in names}
        return IdeaFacts(
            exists_already=self.exists.data == "yes", wanted_stars=int(self.wanted_stars.data or 3), **said
        )
