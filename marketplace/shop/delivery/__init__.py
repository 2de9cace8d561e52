"""What it costs to send a weight from one province to another, and how long it takes."""
