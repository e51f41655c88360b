"""A rule book as one text that is edited by its parts: what is not concerned stays byte by byte.

`Document(text).put(("rules", 3, "source"), "...")` gives the document with that one value changed;
comments, order, quotes and line breaks elsewhere stay as their author wrote them.
"""

from spona.conduct.editing.document import CannotEdit, Document

__all__ = ["CannotEdit", "Document"]
