"""Business meetings at a fair: a matchmaking campaign of its exhibitors."""
