"""Names across scripts, and the two scripts of Serbian: pure Python, no Django, no ICU.

`letters` reads four ways of writing into graphemes, `tokens` a name into words, `keys` says under
what a word is found, `costs` and `likeness` how alike two are and why; `evaluating` measures it.
`cyrillic` turns written Serbian Latin into Cyrillic and back, `order` sorts both scripts.
"""

VERSION = 1  # of letters, words and keys: what is stored under an older one is made anew
