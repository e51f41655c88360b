"""Rule books in the forms of other programs: DCR graphs both ways, BPMN 2.0 to be read.

What another form cannot say is never lost in silence: it is kept in an extension, and named.
"""
