"""The address book: where a member has goods sent."""
