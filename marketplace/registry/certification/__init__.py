"""What is certified, by which decision, with how many stars, from when to when."""
