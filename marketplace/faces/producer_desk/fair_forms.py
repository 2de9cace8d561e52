"""What a producer types to exhibit, read row by row; what cannot be read is told beside its field."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from marketplace.platform.core.money import ungroup
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.models import Application, ShownPaper
from marketplace.trade.exhibitors.services import ApplicationFacts

WISHES = 3
BLANK_BADGES = 2


@dataclass(frozen=True)
class Typed:
    """The form as it is shown: as typed, else as it was kept."""

    pitch: str = ""
    power_w: str = "0"
    least_area: str = ""
    apart_from: str = ""
    water: bool = False
    cold: bool = False
    wants_corner: bool = False
    goods: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    wishes: tuple[str, ...] = ("",) * WISHES
    badges: tuple[tuple[str, str], ...] = (("", ""),) * BLANK_BADGES
    unread: dict[str, str] = field(default_factory=dict)

    def facts(self) -> ApplicationFacts:
        """What it says; a figure that cannot be read stands as none."""
        return ApplicationFacts(
            pitch=self.pitch,
            power_w=_figure(self.power_w) or 0,
            water=self.water,
            cold=self.cold,
            least_area=_figure(self.least_area),
            wants_corner=self.wants_corner,
            apart_from=self.apart_from,
            goods=self.goods,
            wishes=tuple(wish for wish in self.wishes if wish),
            badges=tuple(row for row in self.badges if any(row)),
            papers=self.papers,
        )


def typed_in(form: "MultiDict[str, str]") -> Typed:
    """The form as it was sent."""
    unread = {
        name: N_("Nhập một số.")
        for name in ("power_w", "least_area")
        if form.get(name, "").strip() and _figure(form[name]) is None
    }
    names = zip(form.getlist("badge"), form.getlist("badge_phone"), strict=False)
    return Typed(
        pitch=form.get("pitch", ""),
        power_w=form.get("power_w", ""),
        least_area=form.get("least_area", ""),
        apart_from=form.get("apart_from", ""),
        water="water" in form,
        cold="cold" in form,
        wants_corner="wants_corner" in form,
        goods=frozenset(form.getlist("goods")),
        papers=frozenset(form.getlist("papers")),
        wishes=tuple((form.getlist("wish") + [""] * WISHES)[:WISHES]),
        badges=tuple((name.strip(), phone.strip()) for name, phone in names),
        unread=unread,
    )


def kept_in(row: Application | None, papers: list[ShownPaper]) -> Typed:
    """The form of a draft as it was kept, with blank rows to fill; of none, blank."""
    if row is None:
        return Typed()
    wishes = [f"booth:{w.booth.code}" if w.booth else f"zone:{w.zone.number}" if w.zone else "" for w in row.wishes]
    badges = [(badge.name, badge.phone or "") for badge in row.badges]
    return Typed(
        pitch=row.pitch,
        power_w=str(row.power_w),
        least_area=str(row.least_area or ""),
        apart_from=row.apart_from,
        water=row.water,
        cold=row.cold,
        wants_corner=row.wants_corner,
        goods=frozenset(shown.listing.slug for shown in row.goods),
        papers=frozenset(shown.paper.code for shown in papers),
        wishes=tuple((wishes + [""] * WISHES)[:WISHES]),
        badges=tuple(badges + [("", "")] * BLANK_BADGES),
    )


def _figure(typed: str) -> int | None:
    figures = ungroup(typed.strip())
    return int(figures) if figures and len(figures) <= 9 else None
