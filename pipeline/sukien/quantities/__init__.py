"""Money, percentages, counts and measures to values and units."""
