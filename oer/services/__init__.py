"""Use cases: functions that take a session first and keywords after. They never commit."""
