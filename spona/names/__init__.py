"""Names and scripts of Serbian: pure Python, no Django, no ICU.

`cyrillic` turns written Serbian Latin into Cyrillic and back, `order` sorts both scripts.
"""
