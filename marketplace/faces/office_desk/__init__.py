"""The office's desk: certificates, decisions, producers."""
