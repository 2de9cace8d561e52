"""The office: what it keeps for everyone."""
