"""Runs over many articles: shards, a store that remembers, worker processes, the corpus pass.

`run` holds the two ways to run, `api` what Python users call. Nothing is imported here, so that
`sukien info` stays quick.
"""
