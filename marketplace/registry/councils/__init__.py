"""Councils: their members, sittings, score sheets, outcome; the decision that follows, and appeals against it."""
