"""Who meets whom and when: the timetable of a campaign's meetings, worked out from numbers alone."""
