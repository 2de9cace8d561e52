"""What machines ask: health, readiness, robots."""
