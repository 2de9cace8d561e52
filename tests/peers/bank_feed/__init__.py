"""A peer of a bank feed (SePay's transaction API) for tests: its own process, over HTTP, with state.

It answers with what its books say; a test tells it what came, and sends the webhook itself: in any order, twice, with
lies in it, or not at all.
"""
