"""Campaigns: weeks or days on which distributors and producers meet, their timetable, and the day itself."""
