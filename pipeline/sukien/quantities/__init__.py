"""Quantities: money, percentages, counts, measures, ordinals and ages, with value and unit."""

from sukien.quantities.finder import find_quantities
from sukien.quantities.quantity import Kind, Quantity

__all__ = ["Kind", "Quantity", "find_quantities"]
