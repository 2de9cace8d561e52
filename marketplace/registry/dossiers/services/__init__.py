"""The verbs of dossiers: preparing them, sending them on their way, what the council and the decision came to."""

from marketplace.registry.dossiers.services.outcome import (
    certify_dossier,
    look_again,
    refuse_dossier,
    reopen_dossier,
    score_dossier,
)
from marketplace.registry.dossiers.services.preparing import (
    IdeaFacts,
    Unfitting,
    attach_paper,
    detach_paper,
    fill_from_vault,
    promise_samples,
    save_idea,
    start_from_certificate,
    start_idea,
)
from marketplace.registry.dossiers.services.steps import NotNow
from marketplace.registry.dossiers.services.travelling import (
    AssessmentFacts,
    Incomplete,
    RoundOver,
    admit_dossier,
    answer_idea,
    assess_dossier,
    hand_in_dossier,
    receive_samples,
    return_dossier,
    send_idea,
    withdraw_dossier,
)

__all__ = [
    "AssessmentFacts",
    "IdeaFacts",
    "Incomplete",
    "NotNow",
    "RoundOver",
    "Unfitting",
    "admit_dossier",
    "answer_idea",
    "assess_dossier",
    "attach_paper",
    "certify_dossier",
    "detach_paper",
    "fill_from_vault",
    "hand_in_dossier",
    "look_again",
    "promise_samples",
    "receive_samples",
    "refuse_dossier",
    "reopen_dossier",
    "return_dossier",
    "save_idea",
    "score_dossier",
    "send_idea",
    "start_from_certificate",
    "start_idea",
    "withdraw_dossier",
]
