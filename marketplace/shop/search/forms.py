"""From the address of a search to a query."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import whole_number
from marketplace.registry.certification.product_sets import all_groups, all_sets
from marketplace.shop.search.rules import YEAR, Query, Sort

LONGEST_TEXT = 200
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """The query that the address asks for, and what in it could not be read: field to a translatable sentence."""

    query: Query
    errors: Mapping[str, str]


def read_query(args: MultiDict[str, str]) -> Asked:
    """Read `q, category, stars, district, commune, producer, month, price_min, price_max, sort, page`.

    What cannot be read is left out. `category` takes a set's code or a group's slug; it and the next five may be
    given several times.
    """
    errors: dict[str, str] = {}
    sets = _sets(args.getlist("category"), errors)
    stars = frozenset(int(s) for s in args.getlist("stars") if s in ("3", "4", "5"))
    if len(stars) < len({s for s in args.getlist("stars") if s}):
        errors["stars"] = N_("Số sao là 3, 4 hoặc 5.")
    low, high = _dong(args, "price_min", errors), _dong(args, "price_max", errors)
    if low is not None and high is not None and low > high:
        errors["price_max"] = N_("Giá đến phải lớn hơn hoặc bằng giá từ.")
    query = Query(
        text=nfc(args.get("q", ""))[:LONGEST_TEXT],
        sets=sets,
        stars=stars,
        districts=frozenset(filter(None, args.getlist("district"))),
        communes=frozenset(filter(None, args.getlist("commune"))),
        producers=frozenset(filter(None, args.getlist("producer"))),
        months=_months(args.getlist("month"), errors),
        price_min=low,
        price_max=high,
        sort=_sort(args, errors),
        page=_page(args, errors),
    )
    return Asked(query, errors)


def _sets(asked: list[str], errors: dict[str, str]) -> frozenset[str]:
    groups = {group.slug: group.sets for group in all_groups()}
    codes = {known.code for known in all_sets()}
    found: set[str] = set()
    for value in filter(None, asked):
        if value in codes:
            found.add(value)
        elif value in groups:
            found.update(groups[value])
        else:
            errors["category"] = N_("Không có nhóm hàng này.")
    return frozenset(found)


def _months(asked: list[str], errors: dict[str, str]) -> frozenset[int]:
    known = {str(month): month for month in YEAR}
    if any(value and value not in known for value in asked):
        errors["month"] = N_("Tháng từ 1 đến 12.")
    return frozenset(known[value] for value in asked if value in known)


def _dong(args: MultiDict[str, str], name: str, errors: dict[str, str]) -> int | None:
    typed = args.get(name, "").strip()
    if not typed:
        return None
    amount = read_dong(typed)
    if amount is not None:
        return amount.amount
    errors[name] = N_("Nhập giá bằng chữ số, tính bằng đồng.")
    return None


def _sort(args: MultiDict[str, str], errors: dict[str, str]) -> Sort:
    try:
        return Sort(args.get("sort") or Sort.RELEVANCE)
    except ValueError:
        errors["sort"] = N_("Không có cách xếp này.")
        return Sort.RELEVANCE


def _page(args: MultiDict[str, str], errors: dict[str, str]) -> int:
    number = whole_number(args.get("page") or "1")
    if number is not None and 1 <= number <= LAST_PAGE:
        return number
    errors["page"] = N_("Số trang không đúng.")
    return 1
