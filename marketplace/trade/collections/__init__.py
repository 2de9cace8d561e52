"""Collections with stories, gift baskets, seasons with their vouchers."""
