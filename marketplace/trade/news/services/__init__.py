"""The verbs of articles, notices and the newsletter."""

from marketplace.trade.news.services.articles import (
    ArticleFacts,
    ChangedMeanwhile,
    NotThisStep,
    add_picture,
    change_article,
    publish_article,
    remove_picture,
    withdraw_article,
    write_article,
)
from marketplace.trade.news.services.newsletter import (
    SEND,
    ArticleGone,
    IssueFacts,
    LeftSince,
    SentAlready,
    ask_for_newsletter,
    confirm_newsletter,
    leave_newsletter,
    send_issue,
    write_issue,
)
from marketplace.trade.news.services.notices import NoticeFacts, mark_read, send_notice, take_back

__all__ = [
    "SEND",
    "ArticleFacts",
    "ArticleGone",
    "ChangedMeanwhile",
    "IssueFacts",
    "LeftSince",
    "NotThisStep",
    "NoticeFacts",
    "SentAlready",
    "add_picture",
    "ask_for_newsletter",
    "change_article",
    "confirm_newsletter",
    "leave_newsletter",
    "mark_read",
    "publish_article",
    "remove_picture",
    "send_issue",
    "send_notice",
    "take_back",
    "withdraw_article",
    "write_article",
    "write_issue",
]
