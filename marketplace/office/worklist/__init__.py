"""Who of the office has taken which piece of waiting work."""
