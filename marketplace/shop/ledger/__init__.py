"""The one ledger: every dong from whom to whom, append-only, chained, balanced because each row moves an amount."""
