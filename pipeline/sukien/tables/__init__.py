"""The tables' columns, declared once; analyses to pandas DataFrames."""
