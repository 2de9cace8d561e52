"""One's data: taking it along, and having it struck out."""
