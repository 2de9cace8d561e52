"""Who reads what came of matchmaking and sets its targets: the same who run it."""

from marketplace.trade.matching.policies import RUN_MATCHMAKING

SEE_OUTCOMES = RUN_MATCHMAKING

__all__ = ["SEE_OUTCOMES"]
