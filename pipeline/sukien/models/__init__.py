"""Shipped weights, each with a model card and a licence."""
