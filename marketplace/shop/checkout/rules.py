"""What an invoice needs."""

from marketplace.people.accounts.rules import tax_code_in
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_


def read_tax_code(typed: str) -> str:
    """A tax code as invoices carry it; raises Invalid on `invoice_tax_code`."""
    code = tax_code_in(typed)
    if not code:
        raise Invalid({"invoice_tax_code": N_("Mã số thuế có 10 chữ số, 10 và 3, hoặc 12.")})
    return code
