"""Who wants to exhibit at a fair: applications, scores against stated criteria, decisions, offers, places taken."""
