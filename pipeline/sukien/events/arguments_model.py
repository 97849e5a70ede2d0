"""The weights of the argument model: fixed-point log-linear scores over hashed features.

Two tables of weights answer to each feature of a pair: one keyed by feature and event type, with
a column a role of that type, and one keyed by the feature alone, with a column a class of roles,
which types share. A role's score is the sum of both; nothing has score 0. Two smaller tables
score the edges of what is kept. Sums run over integers, so they do not depend on the batch.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_edges import Places
from sukien.events.arguments_features import Hashes, seed
from sukien.events.grammar import Bools, Ints, word_hash
from sukien.tagging.hashing import HashTable

__all__ = [
    "SCALE",
    "SPECIFIC",
    "ArgumentModel",
    "Clusters",
    "Layout",
    "Roles",
    "Table",
    "by_type",
    "class_of",
    "group_seed",
    "marker_words",
    "role_seed",
]

# One unit of a stored weight is 1/512 of a natural logarithm.
SCALE = 512
# Slots of a pair's features that have weights by type beside the shared ones. More of them
# serve no purpose: with a few hundred events a type they learn single sentences by heart.
SPECIFIC = (
    0,
    1,
    2,
    3,
    6,
    7,
    15,
    16,
    25,
    26,
    27,
    28,
    33,
    54,
    55,
    56,
    67,
    68,
    69,
    75,
    79,
    80,
    82,
    84,
    106,
)
_TYPE_PRIME = np.uint64(0xC2B2AE3D27D4EB4F)
# A place that is not allowed loses against any other.
_NEVER = np.int64(-(1 << 40))
# Roles of the user's types without a class are read as objects.
_DEFAULT_CLASS = "object"


@cache
def _data() -> dict[str, dict[str, Any]]:
    text = files("sukien.events").joinpath("arguments_roles.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def marker_words(marker: str) -> tuple[str, ...]:
    """Words that make a marker where they stand right before a phrase.

    >>> marker_words("by")
    ('bởi',)
    """
    return tuple(_data()["markers"][marker].get("words", ()))


def class_of(event_type: str, role: str) -> str:
    """The class whose weights a role shares.

    >>> class_of("Die", "Victim"), class_of("Hold-Event", "Organizer")
    ('undergoer', 'agent')
    """
    general, special = _data()["classes"], _data()["types"]
    found: str = special.get(event_type, {}).get(role, general.get(role, _DEFAULT_CLASS))
    return found


def role_seed(role: str) -> int:
    """Hash of the name of a role or a type as a signed integer."""
    return seed(role) >> 1


@cache
def group_seed(event_type: str) -> int:
    """Hash of the group of types that a type belongs to, 0 for none."""
    groups = _data()["groups"]
    return next((role_seed(name) for name, some in groups.items() if event_type in some), 0)


def by_type(features: Hashes, type_seeds: Hashes) -> Hashes:
    """Combine the features of each row with the row's type."""
    return np.asarray((features ^ type_seeds[:, None]) * _TYPE_PRIME)


@dataclass(frozen=True, slots=True)
class Roles:
    """The types and roles a model was trained for, and how they map to columns."""

    types: Mapping[str, Sequence[str]]
    classes: Sequence[str]

    @property
    def width(self) -> int:
        """Columns a type needs at most."""
        return max((len(roles) for roles in self.types.values()), default=0)

    def columns(self, event_type: str) -> list[int]:
        """Column of the shared table for each role of a type."""
        return [self.classes.index(class_of(event_type, role)) for role in self.types[event_type]]


class Table:
    """Integer weights by feature: `sums` adds up the rows of the features of each item."""

    def __init__(self, keys: Hashes, weights: npt.NDArray[np.int16]) -> None:
        self.keys = keys
        # One more row of zeros: position -1 is a feature that is not in the table.
        self.weights = np.concatenate([weights, np.zeros((1, weights.shape[1]), np.int16)])
        self._find = HashTable(keys).find

    @classmethod
    def of(cls, keys: Hashes, weights: npt.NDArray[np.float32]) -> Self:
        """Round weights to fixed point; rows that round to nothing are left out."""
        limit = np.iinfo(np.int16)
        fixed = np.clip(np.rint(weights * SCALE), limit.min, limit.max).astype(np.int16)
        keep = np.flatnonzero(fixed.any(axis=1))
        return cls(keys[keep], fixed[keep])

    def sums(self, features: Hashes) -> Ints:
        """Sum of weights for each row of features, shape (rows, columns)."""
        rows = self._find(features.T.ravel()).reshape(features.shape[1], features.shape[0])
        total = np.zeros((features.shape[0], self.weights.shape[1]), np.int32)
        # Slot by slot the sums stay in the cache.
        for slot in rows:
            total += self.weights.take(slot, axis=0)
        return total.astype(np.int64)


class Clusters:
    """Classes of words with like neighbours, by the hash of the word; 0 for other words."""

    def __init__(self, keys: Hashes, classes: npt.NDArray[np.int16]) -> None:
        self.keys = keys
        self.classes = np.append(classes, np.int16(0))
        self._find = HashTable(keys).find

    @classmethod
    def of(cls, classes: Mapping[str, int]) -> Self:
        """Take classes by word, syllables joined by a space."""
        hashed = {word_hash(word): number + 1 for word, number in sorted(classes.items())}
        keys = np.array(sorted(hashed), np.uint64)
        return cls(keys, np.array([hashed[int(key)] for key in keys], np.int16))

    def classes_of(self, forms: Ints) -> Ints:
        """Class of each word."""
        return self.classes[self._find(forms.astype(np.uint64))].astype(np.int64)


@dataclass(frozen=True)
class ArgumentModel:
    """All tables of the model, its roles and the confidence from which arguments are kept."""

    roles: Roles
    specific: Table
    shared: Table
    starts: Table
    ends: Table
    clusters: Clusters
    threshold: float
    # What the confidences of the trigger and the argument multiplied must reach.
    joint_threshold: float = 0.0

    _TABLES = ("specific", "shared", "starts", "ends")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `model.npz` and `model.json` of a folder."""
        meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz") as arrays:
            tables = {
                name: Table(arrays[f"{name}_keys"], arrays[f"{name}_weights"])
                for name in cls._TABLES
            }
            clusters = Clusters(arrays["clusters_keys"], arrays["clusters_classes"])
        roles = Roles(meta["types"], meta["classes"])
        return cls(
            roles=roles,
            clusters=clusters,
            threshold=meta["threshold"],
            joint_threshold=meta["joint_threshold"],
            **tables,
        )

    def save(self, folder: Path) -> None:
        """Write `model.npz` and `model.json` into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for name in self._TABLES:
            table: Table = getattr(self, name)
            order = np.argsort(table.keys)
            arrays[f"{name}_keys"] = table.keys[order]
            arrays[f"{name}_weights"] = table.weights[:-1][order]
        arrays["clusters_keys"] = self.clusters.keys
        arrays["clusters_classes"] = self.clusters.classes[:-1]
        np.savez_compressed(folder / "model.npz", allow_pickle=False, **arrays)
        meta = {
            "types": {name: list(roles) for name, roles in self.roles.types.items()},
            "classes": list(self.roles.classes),
            "threshold": self.threshold,
            "joint_threshold": self.joint_threshold,
        }
        text = json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "model.json").write_text(text + "\n", encoding="utf-8", newline="\n")

    @cached_property
    def _said(self) -> dict[str, Ints]:
        """Fixed-point score that each marker gives to each class of roles."""
        return {
            marker: np.array(
                [round(entry["says"].get(name, 0.0) * SCALE) for name in self.roles.classes],
                np.int64,
            )
            for marker, entry in _data()["markers"].items()
        }

    def scores(
        self,
        features: Hashes,
        layout: Layout,
        types: Ints,
        marked: Mapping[str, Bools] | None = None,
    ) -> Ints:
        """Fixed-point scores of each pair for the roles of its type, shape (pairs, roles).

        `marked` tells for each marker of the role data which pairs bear it.
        """
        columns = layout.classes[types]
        shared = np.take_along_axis(self.shared.sums(features), np.maximum(columns, 0), axis=1)
        own = self.specific.sums(by_type(features[:, SPECIFIC], layout.seeds[types]))
        total = shared
        width = min(own.shape[1], total.shape[1])
        trained = np.where(layout.trained[types][:, :width], own[:, :width], 0)
        total[:, :width] += trained
        for marker, flags in (marked or {}).items():
            rows = np.flatnonzero(flags)
            total[rows] += self._said[marker][np.maximum(columns[rows], 0)]
        return np.where(columns >= 0, total, _NEVER)

    @staticmethod
    def best_place(table: Table, places: Places) -> Ints:
        """Best allowed place of each argument, as a word; the first one wins a tie."""
        sums = np.full(places.allowed.shape, _NEVER)
        sums[places.allowed] = table.sums(places.features)[:, 0]
        return np.asarray(places.words[np.arange(len(sums)), sums.argmax(axis=1)])


@dataclass(frozen=True, slots=True)
class Layout:
    """The types of a run against the model's columns.

    `classes[t, r]` is the shared column of role r of type t, -1 past its last role;
    `trained[t, r]` tells whether the specific table knows that role at that place;
    `role_seeds[t, r]` is a hash of the role's name; `type_seeds[t]` and `group_seeds[t]` are
    hashes of the names of the type and of its group.
    """

    names: Sequence[str]
    roles: Sequence[Sequence[str]]
    seeds: Hashes
    classes: Ints
    trained: Bools
    role_seeds: Ints
    type_seeds: Ints
    group_seeds: Ints

    @classmethod
    def of(cls, types: Mapping[str, Sequence[str]], model: Roles) -> Self:
        """Lay out the types of an ontology; roles the model knows keep its order."""
        names = sorted(types)
        roles = [_aligned(types[name], model.types.get(name, ())) for name in names]
        width = max((len(some) for some in roles), default=1)
        classes = np.full((len(names), width), -1, np.int64)
        trained = np.zeros((len(names), width), np.bool_)
        role_seeds = np.zeros((len(names), width), np.int64)
        for row, (name, some) in enumerate(zip(names, roles, strict=True)):
            trained_roles = list(model.types.get(name, ()))
            for column, role in enumerate(some):
                wanted = class_of(name, role)
                role_seeds[row, column] = role_seed(role)
                if wanted in model.classes:
                    classes[row, column] = model.classes.index(wanted)
                trained[row, column] = trained_roles[column : column + 1] == [role]
        seeds = np.array([seed(name) for name in names], np.uint64)
        type_seeds = np.array([role_seed(name) for name in names], np.int64)
        group_seeds = np.array([group_seed(name) for name in names], np.int64)
        return cls(names, roles, seeds, classes, trained, role_seeds, type_seeds, group_seeds)


def _aligned(wanted: Sequence[str], trained: Sequence[str]) -> list[str]:
    """Roles of a type in the model's order, so that its columns fit; new ones follow."""
    if set(trained) <= set(wanted):
        return [*trained, *(role for role in wanted if role not in trained)]
    return list(wanted)
