"""What a curator types: a placement with its schedule, a collection with its story, its picture."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import cast
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length

from marketplace.faces.storefront.placed_words import AUDIENCES, KINDS, PLACES, category_name
from marketplace.platform.web.forms import DayField, Form, LineField, TextField
from marketplace.registry.certification.product_sets import all_groups
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.services import CollectionFacts
from marketplace.trade.promotion.models import Audience, Place, Placement, Target
from marketplace.trade.promotion.services import Schedule

DAY = [DataRequired(_l("Nhập ngày như 31/12/2026."))]
SHELVES = {
    "products": Target.PRODUCT,
    "producers": Target.PRODUCER,
    "collections": Target.COLLECTION,
    "seasons": Target.SEASON,
}
USUAL_DAYS = 14


class ScheduleForm(Form):
    """From when to when, for whom, why."""

    first_day = DayField(_l("Từ ngày"), validators=DAY)
    last_day = DayField(_l("Đến hết ngày"), validators=DAY)
    audience = RadioField(_l("Hiện với"), default=Audience.BOTH.value)
    reason = LineField(
        _l("Lý do"), description=_l("Ghi để sau này biết vì sao chọn."), validators=[DataRequired(_l("Ghi lý do."))]
    )

    def offer(self) -> None:
        """The audiences to choose from."""
        self.audience.choices = [SelectChoice(value.value, _(name)) for value, name in AUDIENCES.items()]

    def schedule(self) -> Schedule:
        """What was typed."""
        first, last = cast("date", self.first_day.data), cast("date", self.last_day.data)
        return Schedule(first, last, Audience(self.audience.data), self.reason.data)


class PlacementForm(ScheduleForm):
    """Where, and what; `q` are words by which what is placed is looked for."""

    q = LineField(_l("Tên sản phẩm hay nơi làm"))
    place = SelectField(_l("Chỗ"))
    category = SelectField(_l("Nhóm hàng"), description=_l("Chỉ cần khi chỗ là đầu nhóm hàng."))
    target = LineField(
        _l("Trang được trưng bày"),
        description=_l("Địa chỉ trang sản phẩm, nơi làm, bộ sưu tập hay chiến dịch, ví dụ /products/mien-dong."),
        validators=[DataRequired(_l("Dán địa chỉ trang.")), Length(max=300)],
    )

    def offer(self) -> None:
        """Also the places and categories."""
        super().offer()
        self.place.choices = [SelectChoice(value.value, _(name)) for value, name in PLACES.items()]
        self.category.choices = [SelectChoice("", _("Không")), *_categories()]

    def look(self, picked: str) -> str:
        """Take what was picked of what a search found; where nothing is looked for say so. Answers the words."""
        if picked:
            self.target.data = picked
        elif not self.q.data:
            self.q.errors = [_("Gõ vài chữ của tên để tìm. Đã điền xong thì bấm Đặt.")]
        return str(self.q.data)[:200]

    def aim(self) -> tuple[Target, str]:
        """What the address leads to; what is none leads nowhere."""
        return read_address(self.target.data)


def _categories() -> Iterator[SelectChoice]:
    """Each group with its sets under it: some sets are called as their group is."""
    for group in all_groups():
        name = category_name(group.slug)
        yield SelectChoice(group.slug, _("Cả nhóm %(name)s", name=name), optgroup=name)
        for code in group.sets:
            yield SelectChoice(code, category_name(code), optgroup=name)


def read_address(typed: str) -> tuple[Target, str]:
    """`/products/mien` or a whole address, as what it leads to and its slug; what is none is a product without one."""
    parts = [part for part in urlsplit(typed.strip()).path.split("/") if part]
    if len(parts) == 2 and parts[0] in SHELVES:
        return SHELVES[parts[0]], parts[1]
    return Target.PRODUCT, parts[0] if len(parts) == 1 else ""


def usual(place: str, target: str, on: date) -> dict[str, object]:
    """What a new placement's form starts with: two weeks from today."""
    known = place if place in set(Place) else Place.FEATURED_ROW.value
    days = {"first_day": on, "last_day": on + timedelta(days=USUAL_DAYS - 1)}
    return {"place": known, "target": target, "audience": Audience.BOTH.value, **days}


def said(placement: Placement) -> Mapping[str, object]:
    """What a placement's form starts with."""
    days = {"first_day": placement.first_day, "last_day": placement.last_day}
    return {**days, "audience": placement.audience.value, "reason": placement.reason}


class CollectionForm(Form):
    """What a collection says; the days are a season's."""

    kind = RadioField(_l("Loại"), default=CollectionKind.THEME.value)
    title = LineField(_l("Tên"), validators=[DataRequired(_l("Đặt tên.")), Length(max=120)])
    title_en = LineField(_l("Tên bằng tiếng Anh"), validators=[Length(max=120)])
    summary = LineField(_l("Một câu giới thiệu"), validators=[Length(max=300)])
    summary_en = LineField(_l("Câu ấy bằng tiếng Anh"), validators=[Length(max=300)])
    story = TextField(_l("Câu chuyện"), validators=[Length(max=8000)])
    story_en = TextField(_l("Câu chuyện bằng tiếng Anh"), validators=[Length(max=8000)])
    first_day = DayField(_l("Chiến dịch từ ngày"), description=_l("Chỉ chiến dịch mùa có ngày."))
    last_day = DayField(_l("Đến hết ngày"))

    def offer(self) -> None:
        """The kinds to choose from."""
        self.kind.choices = [SelectChoice(value.value, _(name)) for value, name in KINDS.items()]

    def facts(self, kind: CollectionKind | None = None) -> CollectionFacts:
        """What was typed; `kind`: of a collection that is there already."""
        texts = ("title", "title_en", "summary", "summary_en", "story", "story_en")
        return CollectionFacts(
            kind=kind or CollectionKind(self.kind.data),
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            **{name: self[name].data or "" for name in texts},
        )


def told(collection: Collection) -> dict[str, object]:
    """What a collection's form starts with."""
    names = ("title", "title_en", "summary", "summary_en", "story", "story_en", "first_day", "last_day")
    return {"kind": collection.kind.value, **{name: getattr(collection, name) for name in names}}


class CollectionPictureForm(Form):
    """A picture and what it shows."""

    picture = FileField(_l("Ảnh"), description=_l("JPEG, PNG, WebP hay AVIF, đến 12 MB, mỗi cạnh từ 320 điểm ảnh."))
    alt = LineField(_l("Ảnh cho thấy gì"), validators=[DataRequired(_l("Ghi ảnh cho thấy gì.")), Length(max=200)])
    alt_en = LineField(_l("Ảnh cho thấy gì, tiếng Anh"), validators=[Length(max=200)])
