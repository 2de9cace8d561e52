"""Evaluation rounds: until when dossiers are handed in, and until when the province's council sits."""
