"""Reading: a path, folder, archive, address or DataFrame to Articles and Failures."""

from sukien.reading.errors import ReadError, UndecodableError
from sukien.reading.inputs import Inputs, list_inputs, read_articles
from sukien.reading.options import ReadOptions
from sukien.reading.readers import read_unit
from sukien.reading.walk import Unit

__all__ = [
    "Inputs",
    "ReadError",
    "ReadOptions",
    "UndecodableError",
    "Unit",
    "list_inputs",
    "read_articles",
    "read_unit",
]
