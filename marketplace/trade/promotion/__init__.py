"""Who stands in the shop window, when, why, and how often they were seen."""
