"""Paths, folders, archives and DataFrames to Articles and Failures."""
