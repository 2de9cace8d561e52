"""Visitors of a fair: tickets, entry, seats at sessions, leads that exhibitors take with consent."""
