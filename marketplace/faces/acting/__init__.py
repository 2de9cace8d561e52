"""Acting on a producer's behalf: beginning, ending, and the mandates that allow it."""
