"""Archives: zip, and tar plain or compressed, read in place without unpacking to disk."""

from __future__ import annotations

import lzma
import posixpath
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, cast

from sukien.article import Failure
from sukien.reading.formats import stem
from sukien.reading.options import ReadOptions
from sukien.reading.records import failed, skipped
from sukien.reading.source import Source, decompress, limited
from sukien.reading.walk import printable

__all__ = ["members"]

_SIDECAR_LIMIT = 1 << 20
_COMPRESSED = (((".gz", ".tgz"), ".gz"), ((".xz", ".txz"), ".xz"), ((".bz2", ".tbz2"), ".bz2"))


def members(source: Source, options: ReadOptions) -> Iterator[Source | Failure]:
    """List what an archive holds; each member must be read before the next is asked for.

    Sidecars are handed to their articles. Names that lead out of the archive, encrypted members
    and links give a `Failure`.
    """
    if source.name.lower().endswith(".zip"):
        return _zip_members(source, options)
    return _tar_members(source, options)


def _zip_members(source: Source, options: ReadOptions) -> Iterator[Source | Failure]:
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        unique = _Unique()
        files = (info for info in archive.infolist() if not info.is_dir())
        infos = {unique(_zip_name(info)): info for info in files}
        stems = _stems(infos)
        for name in sorted(infos):
            info = infos[name]
            if _is_sidecar(name, stems):
                continue
            if (problem := _problem(source, name)) is not None:
                yield problem
            elif info.flag_bits & 1:
                yield failed(source, "it is encrypted; unpack it first", member=printable(name))
            else:
                own = stem(posixpath.basename(name))
                beside = infos.get(posixpath.join(posixpath.dirname(name), f"{own}.json"))
                sidecar = partial(_zip_small, archive, beside) if own and beside else None
                yield Source(
                    source.source_path,
                    posixpath.basename(info.filename),
                    partial(_zip_open, archive, info, options.max_ratio),
                    member=printable(name),
                    size=info.compress_size,
                    sidecar=sidecar,
                )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Name of a member; names in UTF-8 that lack the flag for it are common."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _zip_open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, ratio: int) -> BinaryIO:
    try:
        inner = cast("BinaryIO", archive.open(info))
    except (NotImplementedError, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    return limited(inner, compressed=info.compress_size, ratio=ratio)


def _zip_small(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as stream:
            return stream.read(_SIDECAR_LIMIT)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise OSError(str(error)) from error


def _tar_members(source: Source, options: ReadOptions) -> Iterator[Source | Failure]:
    # A tar has no index: a first pass finds the sidecars, a second reads the articles.
    names, sidecars = [], {}
    broken: Exception | None = None
    with _tar(source, options) as archive:
        try:
            for info in archive:
                if not info.isfile():
                    continue
                names.append(info.name)
                if info.name.lower().endswith(".json") and info.size <= _SIDECAR_LIMIT:
                    sidecars[info.name] = _tar_read(archive, info)
        except (tarfile.TarError, EOFError, OSError, lzma.LZMAError) as error:
            broken = error  # the second pass gives what stands before the damage
    stems = _stems(names)
    sidecars = {name: data for name, data in sidecars.items() if _is_sidecar(name, stems)}
    del names
    with _tar(source, options) as archive:
        unique = _Unique()
        for info in archive:
            name = info.name
            if info.isdir() or (info.isfile() and name in sidecars):
                continue
            if (problem := _problem(source, name)) is not None:
                yield problem
            elif not info.isfile():
                reason = "a link or special file inside an archive is not followed"
                yield skipped(source, reason, member=printable(name))
            else:
                own = stem(posixpath.basename(name))
                beside = posixpath.join(posixpath.dirname(name), f"{own}.json")
                data = sidecars.get(beside) if own else None
                yield Source(
                    source.source_path,
                    posixpath.basename(name),
                    partial(_tar_open, archive, info),
                    member=unique(printable(name)),
                    size=info.size,
                    sidecar=None if data is None else partial(bytes, data),
                )
    if broken is not None:
        raise tarfile.ReadError(str(broken))


@contextmanager
def _tar(source: Source, options: ReadOptions) -> Iterator[tarfile.TarFile]:
    name = source.name.lower()
    stream = source.open()
    for ends, suffix in _COMPRESSED:
        if name.endswith(ends):
            stream = decompress(stream, suffix, source.size, options.max_ratio)
    # "r|" reads forward only, so that nothing is decompressed twice within a pass.
    with stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        yield archive


def _tar_open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    stream = archive.extractfile(info)
    if stream is None:
        raise tarfile.ReadError("not a file")
    return cast("BinaryIO", stream)


def _tar_read(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    with _tar_open(archive, info) as stream:
        return stream.read()


class _Unique:
    """Gives the second member of one name another (`a.txt#2`), so that none is lost."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"


def _stems(names: Iterable[str]) -> set[str]:
    found = set()
    for name in names:
        own = stem(posixpath.basename(name))
        if own is not None:
            found.add(posixpath.join(posixpath.dirname(name), own))
    return found


def _is_sidecar(name: str, stems: set[str]) -> bool:
    return name.lower().endswith(".json") and name[:-5] in stems


def _problem(source: Source, name: str) -> Failure | None:
    parts = name.replace("\\", "/").split("/")
    shown = printable(name)
    if ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        reason = "its name leads out of the archive, which a safe archive never does"
        return failed(source, reason, member=shown)
    if any(part.startswith(".") or part == "__MACOSX" for part in parts[:-1] if part != "."):
        return skipped(source, "it lies in a hidden folder", member=shown)
    if parts[-1].startswith("."):
        return skipped(source, "hidden file (its name begins with a dot)", member=shown)
    return None
