"""Trade promotion: bringing makers and buyers of quantity together."""
