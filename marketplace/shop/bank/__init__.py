"""Bank transfers: every one that comes is booked at once, matched to orders by its note, or waits in a queue."""
