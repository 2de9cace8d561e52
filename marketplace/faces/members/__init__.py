"""Who acts for an organisation: members and invitations, on both desks."""
