"""Registers linked in one go, by the features and weights of `spona.names.weighing`.

Needs the extra `spona[linkage]`: Splink 5 on DuckDB, or on Spark for registers that outgrow one
machine. `registers` reads CSV, `words` compares names of many pairs at once, `blocks` says which
pairs are looked at, `model` is Splink's, `pairs` what comes out, `judging` how good it is.
"""
