"""Temporal expressions to TIMEX3 values and calendar intervals."""
