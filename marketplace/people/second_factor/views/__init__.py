"""The second step of signing in, and a person's own page of it; all on one blueprint."""

from marketplace.people.second_factor.views import keys, own, step
from marketplace.people.second_factor.views.blueprint import bp
from marketplace.people.second_factor.views.step import init_second_factor

__all__ = ["bp", "init_second_factor", "keys", "own", "step"]
