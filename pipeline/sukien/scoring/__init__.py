"""Metrics against gold annotation."""
