"""The verbs of reviews: writing, judging, reporting, answering, asking, forgetting."""

from marketplace.shop.reviews.services.answering import reply_to_review, withdraw_reply
from marketplace.shop.reviews.services.asking import ask_for_reviews
from marketplace.shop.reviews.services.forgetting import forget_reviews
from marketplace.shop.reviews.services.judging import keep_review, publish_review, refuse_review
from marketplace.shop.reviews.services.reporting import ReportedAlready, report_review
from marketplace.shop.reviews.services.steps import ReviewMoved
from marketplace.shop.reviews.services.writing import (
    NotReceived,
    OwnGoods,
    Said,
    TooLate,
    withdraw_review,
    write_review,
)

__all__ = [
    "NotReceived",
    "OwnGoods",
    "ReportedAlready",
    "ReviewMoved",
    "Said",
    "TooLate",
    "ask_for_reviews",
    "forget_reviews",
    "keep_review",
    "publish_review",
    "refuse_review",
    "reply_to_review",
    "report_review",
    "withdraw_reply",
    "withdraw_review",
    "write_review",
]
