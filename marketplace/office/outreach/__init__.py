"""Outreach: broadcasts, articles, training days and meetings that communes, districts and the province held."""
