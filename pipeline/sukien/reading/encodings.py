"""Bytes to text: Unicode first, then the old Vietnamese encodings, told by the result.

Nothing is replaced or repaired: bytes that cannot be read raise `UndecodableError` with the
place of the first one. A leading byte order mark is removed.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from importlib import resources

from sukien.reading.errors import UndecodableError
from sukien.reading.plausible import vietnamese_share

__all__ = ["LEGACY", "decode", "decode_legacy", "is_utf8_with_errors", "unicode_encoding"]

LEGACY = ("windows-1258", "tcvn3", "vni")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (or a Word or Excel file)"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"BZh", "bzip2 data"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
)
# A sample of this size decides between encodings; more text would not change the choice.
_SAMPLE = 1 << 16
_ENOUGH = 0.75


def decode(data: bytes, *, legacy: bool = True) -> tuple[str, str]:
    """Decode one article; gives the text and the name of its encoding.

    Raises:
        UndecodableError: the bytes are no text, or in no encoding known here.

    >>> decode("Hà Nội".encode("utf-16"))
    ('Hà Nội', 'utf-16')
    >>> decode(bytes.fromhex("48b5204ee96920")[:-1])
    ('Hà Nội', 'tcvn3')
    """
    encoding = unicode_encoding(data)
    if encoding is not None:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            raise _undecodable(data, error.start, f"is not {encoding.upper()}") from None
        # These codecs drop the mark themselves; one that is doubled is text.
        return text, encoding.removesuffix("-sig")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if (nul := data.find(0)) >= 0:
            raise _undecodable(data, nul, "is NUL, which no text holds") from None
        if not legacy or is_utf8_with_errors(data):
            raise _undecodable(data, error.start, "is not UTF-8") from None
        found = decode_legacy(data)
        if found is None:
            raise _undecodable(
                data,
                error.start,
                "is not UTF-8, and the text is not Vietnamese in windows-1258, TCVN3 or VNI",
            ) from None
        return found
    if (nul := data.find(0)) >= 0:
        raise _undecodable(data, nul, "is NUL, which no text holds")
    return text, "utf-8"


def unicode_encoding(data: bytes) -> str | None:
    """Name the Unicode encoding that a byte order mark or the place of NUL bytes shows.

    >>> unicode_encoding("Hà".encode("utf-16-le")), unicode_encoding(b"plain")
    ('utf-16-le', None)
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:4096]
    # Every space, digit and plain letter of UTF-16 has a NUL on one side, never on both.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) >= max(2, len(sample) // 8) and min(even, odd) == 0:
        return "utf-16-be" if even else "utf-16-le"
    return None


def is_utf8_with_errors(data: bytes) -> bool:
    """Tell whether valid UTF-8 sequences outnumber the bytes that are none.

    >>> is_utf8_with_errors("Hà Nội".encode() + b"\\xff"), is_utf8_with_errors(b"T\\xeam")
    (True, False)
    """
    rest, valid = _MULTIBYTE.subn(b"", data)
    return valid > len(_HIGH.findall(rest))


def decode_legacy(data: bytes, *, only: str | None = None) -> tuple[str, str] | None:
    """Decode with the old encoding whose result is most Vietnamese; None where none is.

    `only` names the encoding of a file already known; then any text it gives is taken.

    >>> decode_legacy("Hà Nội mưa lớn".encode("latin-1", "replace"))
    >>> decode_legacy(bytes.fromhex("4861d5204e6f6469"))
    """
    if only is not None:
        text = _decode_as(data, only)
        return None if text is None or _CONTROL.search(text) else (text, only)
    best = max(LEGACY, key=lambda name: _score(data[:_SAMPLE], name))
    if _score(data[:_SAMPLE], best) < _ENOUGH:
        return None
    text = _decode_as(data, best)
    return None if text is None or _CONTROL.search(text) else (text, best)


def _score(sample: bytes, encoding: str) -> float:
    text = _decode_as(sample, encoding)
    return 0.0 if text is None else vietnamese_share(text)


def _decode_as(data: bytes, encoding: str) -> str | None:
    if encoding == "windows-1258":
        try:
            return data.decode("cp1258")
        except UnicodeDecodeError:
            return None
    pattern, table = _table(encoding)
    try:
        return pattern.sub(lambda match: table[match[0]], data.decode("latin-1"))
    except KeyError:
        return None


@cache
def _table(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Read a table of byte sequences; those that stand in none map to nothing and fail."""
    lines = (resources.files("sukien.reading") / "data" / f"{name}.tsv").read_text("utf-8")
    table = {
        bytes.fromhex(code).decode("latin-1"): character
        for code, _, character in (line.partition("\t") for line in lines.splitlines())
        if not code.startswith("#")
    }
    # Quotation marks, dashes and the no-break space stand at their Windows places in all fonts.
    for byte in b"\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xab\xbb":
        table.setdefault(chr(byte), bytes([byte]).decode("cp1252"))
    sequences = sorted(table, key=len, reverse=True)
    pattern = "|".join(re.escape(sequence) for sequence in sequences)
    return re.compile(f"{pattern}|[\x80-\xff]"), table


def _undecodable(data: bytes, offset: int, why: str) -> UndecodableError:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return UndecodableError(f"this is {kind}, not text", offset)
    byte = f"0x{data[offset]:02X}" if offset < len(data) else "the end of the data"
    hint = "" if "NUL" in why else "; save it as UTF-8"
    return UndecodableError(f"byte {byte} at offset {offset} {why}{hint}", offset)
