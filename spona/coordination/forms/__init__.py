"""What is typed on the pages of coordination, parsed and checked; nothing is saved here."""
