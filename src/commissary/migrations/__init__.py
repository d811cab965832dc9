"""SQL files, applied in order of their names, each once and in a transaction of its own.

`NNNN_<schema>.sql` may write only to the schema it names; `base.migrate` runs them as `commissary_owner`.
"""
