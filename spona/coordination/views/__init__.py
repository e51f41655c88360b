"""Pages of encounters, notifications, cases and duties."""
