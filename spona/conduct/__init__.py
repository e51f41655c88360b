"""Rules of conduct as timed DCR graphs: pure Python, no Django, no clock.

Source of the formalism: Hildebrandt & Mukkamala, PLACES 2010 (arXiv 1110.4161);
timed: Hildebrandt, Mukkamala, Slaats, Zanitti 2013.
"""
