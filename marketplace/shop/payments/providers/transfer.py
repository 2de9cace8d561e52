"""Bank transfer: the buyer's own bank sends it, the order's code in the note; what comes is matched in `shop.bank`."""

from config import BankAccount
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.cash import ByHand


class BankTransfer(ByHand):
    """To one account of the marketplace, by VietQR or by hand."""

    name = "transfer"
    method = PaymentMethod.BANK_TRANSFER

    def __init__(self, account: BankAccount) -> None:
        self.account = account
