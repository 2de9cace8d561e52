"""Acting on a producer's behalf: an officer within their unit, or a cooperative that was given a mandate."""
