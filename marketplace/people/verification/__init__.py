"""What a producer says of itself step by step, what the office checks of it, and changes that wait to be checked."""
