"""Rules held against reality: an event log replayed on a rule book."""
