"""What came of a fair: its figures, what those who came think of it, each exhibitor's own part."""
