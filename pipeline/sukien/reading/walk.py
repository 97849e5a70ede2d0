"""Every file below a local folder, sorted, each file once, links included."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sukien.article import Failure
from sukien.reading.formats import articles_of, describe, format_of, stem

__all__ = ["Unit", "Walker", "printable"]


_STORE = ".store"
"""The folder by which the output of a run is known (`writing.stored.STORE`)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One input, cheap to list and to send: a file that gives one article or many, or a problem.

    `path` is where to open it (`-` is the standard input, an address with `://` a remote file);
    `sidecar` the path of the JSON file beside it; `size` its bytes, None where unknown. A unit
    with a `problem` is not read: the problem is its row.
    """

    path: str
    source_path: str
    size: int | None = None
    sidecar: str | None = None
    problem: Failure | None = None


def printable(name: str) -> str:
    r"""Write a file name so that any table can hold it; bytes that are no UTF-8 become `\xff`.

    >>> printable("a\udcff.txt")
    'a\\xff.txt'
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        data = name.encode("utf-8", "surrogateescape")
        return data.decode("utf-8", "backslashreplace")
    return name


@dataclass
class Walker:
    """Walks folders; remembers what links led to, so that nothing is read twice.

    A link to something inside the input is skipped, because that is read in its own place; a
    link to something outside is followed, once. `exclude` holds real paths that are passed over
    in silence (the run's own output).
    """

    roots: Sequence[str]
    exclude: Collection[str] = ()
    _linked: dict[tuple[int, int], str] = field(default_factory=dict)

    def folder(self, top: str, base: str) -> Iterator[Unit]:
        """List the files below `top`, with paths relative to `base`, in order of their names."""
        # A stack of iterators instead of recursion: folders may be nested without limit.
        stack = [self._listing(top, base, outside=False)]
        while stack:
            item = next(stack[-1], None)
            if item is None:
                stack.pop()
            elif isinstance(item, Unit):
                yield item
            else:
                path, outside = item
                stack.append(self._listing(path, base, outside=outside))

    def file(self, path: Path, base: str) -> Unit:
        """Make the unit of one file that a caller named."""
        name, place = path.name, str(path)
        shown = _relative(place, base)
        if name.lower().endswith(".json"):
            for other in articles_of(name):
                if path.with_name(other).is_file():
                    why = f"this is the metadata (sidecar) of {printable(other)}"
                    return _skip(place, shown, why)
        own = stem(name)
        sidecar = path.with_name(f"{own}.json") if own is not None else None
        beside = str(sidecar) if sidecar is not None and sidecar.is_file() else None
        return _unit(place, shown, name, beside, path.stat())

    def _listing(self, top: str, base: str, *, outside: bool) -> Iterator[Unit | tuple[str, bool]]:
        try:
            with os.scandir(top) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield _fail(top, _relative(top, base), _why(error, "list the folder"))
            return
        if not entries and format_of(top) is not None and top != base:
            yield _skip(top, _relative(top, base), "a folder with the name of a file; it is empty")
        names = {entry.name for entry in entries}
        stems = {own for name in names if (own := stem(name)) is not None}
        for entry in entries:
            name, shown = entry.name, _relative(entry.path, base)
            if name.lower().endswith(".json") and name[:-5] in stems and not _is_folder(entry):
                continue
            if self.exclude and os.path.realpath(entry.path) in self.exclude:
                continue
            if name.startswith("."):
                kind = "folder" if _is_folder(entry) else "file"
                yield _skip(entry.path, shown, f"hidden {kind} (its name begins with a dot)")
                continue
            try:
                info = entry.stat()
                if entry.is_symlink():
                    problem = self._link(entry.path, info)
                    if problem is not None:
                        yield _skip(entry.path, shown, problem)
                        continue
                elif outside and stat.S_ISDIR(info.st_mode):
                    first = self._linked.setdefault((info.st_dev, info.st_ino), shown)
                    if first != shown:
                        yield _skip(entry.path, shown, f"the same folder as {first}")
                        continue
            except OSError as error:
                if entry.is_symlink():
                    target = printable(str(Path(entry.path).readlink()))
                    yield _fail(entry.path, shown, f"the link leads nowhere (to {target})")
                else:
                    yield _fail(entry.path, shown, _why(error, "look at it"))
                continue
            if stat.S_ISDIR(info.st_mode):
                if Path(entry.path, _STORE).is_dir():
                    yield _skip(entry.path, shown, "the output of a run of sukien, no input")
                    continue
                yield entry.path, outside or entry.is_symlink()
                continue
            own = stem(name)
            has_sidecar = own is not None and f"{own}.json" in names
            sidecar = str(Path(top, f"{own}.json")) if has_sidecar else None
            yield _unit(entry.path, shown, name, sidecar, info)

    def _link(self, path: str, info: os.stat_result) -> str | None:
        """Say why a link is not followed; None where it is."""
        target = os.path.realpath(path)
        for root in self.roots:
            if _within(target, root):
                place = printable(os.path.relpath(target, root))
                return f"a link to {place} inside the input, which is read in its own place"
            if _within(root, target):
                return "a link to a folder that holds the input itself"
        first = self._linked.setdefault((info.st_dev, info.st_ino), path)
        return None if first == path else f"a link to the same place as {printable(first)}"


def _unit(path: str, shown: str, name: str, sidecar: str | None, info: os.stat_result) -> Unit:
    if not stat.S_ISREG(info.st_mode):
        return _skip(path, shown, "not a regular file (a pipe, socket or device)")
    if format_of(name) is None:
        return _skip(path, shown, describe(name))
    return Unit(path, shown, info.st_size, sidecar)


def _relative(path: str, base: str) -> str:
    return printable(Path(os.path.relpath(path, base)).as_posix())


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _why(error: OSError, action: str) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to {action}"
    return f"cannot {action}: {(error.strerror or str(error)).lower()}"


def _skip(path: str, shown: str, error: str) -> Unit:
    kind = format_of(path) or ""
    failure = Failure(source_path=shown, status="skipped", error=error, format=kind)
    return Unit(path, shown, problem=failure)


def _fail(path: str, shown: str, error: str) -> Unit:
    kind = format_of(path) or ""
    failure = Failure(source_path=shown, status="failed", error=error, format=kind)
    return Unit(path, shown, problem=failure)
