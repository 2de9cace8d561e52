"""The checks, by what they look at. Each answers the faults it finds, in a settled order."""
