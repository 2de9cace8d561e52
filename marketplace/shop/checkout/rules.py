"""What an invoice needs."""

import re

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_

_TAX_CODE = re.compile(r"\d{10}(-?\d{3})?|\d{12}")


def read_tax_code(typed: str) -> str:
    """A tax code as invoices carry it; raises Invalid on `invoice_tax_code`.

    Firms and cooperatives have 10 digits, branches 10-3; since July 2025 a household's or person's is their 12-digit
    citizen number.
    """
    bare = "".join(typed.split())
    if _TAX_CODE.fullmatch(bare) is None:
        raise Invalid({"invoice_tax_code": N_("Mã số thuế có 10 chữ số, 10 và 3, hoặc 12.")})
    return f"{bare[:10]}-{bare[10:]}" if len(bare) == 13 else bare
