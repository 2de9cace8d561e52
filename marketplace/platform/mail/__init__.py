"""The outbox of messages: a row in the block of the change, delivered by the worker."""
