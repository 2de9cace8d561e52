"""Before a certificate lapses: its producer is told 180, 90 and 30 days ahead, with a renewal dossier made ready."""
