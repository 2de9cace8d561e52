"""Services take no cart: guests ask and request dates, makers answer, propose, confirm or decline."""
