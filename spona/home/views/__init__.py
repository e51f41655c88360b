"""The desk, what goes up, and the search; and the frame around every page."""
