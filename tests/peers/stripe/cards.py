"""The test cards of Stripe's documentation that the peer knows, by number and by payment method."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card and what comes of it."""

    number: str
    method: str
    does_vi: str
    does_en: str
    code: str | None = None  # Stripe's error code when it is refused
    decline_code: str | None = None
    message: str = ""
    asks: bool = False  # 3-D Secure
    disputed: bool = False


REFUSED = "card_declined"

CARDS = (
    Card("4242424242424242", "pm_card_visa", "thành công", "succeeds"),
    Card(
        "4000000000000002",
        "pm_card_visa_chargeDeclined",
        "bị từ chối",
        "is declined",
        code=REFUSED,
        decline_code="generic_decline",
        message="Your card was declined.",
    ),
    Card(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "không đủ tiền",
        "has insufficient funds",
        code=REFUSED,
        decline_code="insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Card("4000002500003155", "pm_card_authenticationRequired", "cần xác thực 3-D Secure", "asks 3-D Secure", asks=True),
    Card("4000000000000259", "pm_card_createDispute", "thành công rồi bị tra soát", "is disputed later", disputed=True),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_METHOD = {card.method: card for card in CARDS}


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the right check digit."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
