"""The providers of payment: one interface, an adapter each, none of which knows our tables."""
