"""A stateful peer of Stripe, written from its public documentation: see docs/decisions/0014-a-peer-of-stripe.md."""
