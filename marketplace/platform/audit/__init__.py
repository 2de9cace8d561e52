"""Who did what, when: rows written with the change, sealed into a hash chain by the worker."""
