"""Small pages of a case; the case itself is a page of the storey above."""
