"""The account pages, a module a subject; all on one blueprint."""

from marketplace.people.accounts.views import confirming, email, joining, passwords, profile, signing_in
from marketplace.people.accounts.views.blueprint import bp

__all__ = ["bp", "confirming", "email", "joining", "passwords", "profile", "signing_in"]
