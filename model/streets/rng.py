"""Independent random streams: changing what one part draws never moves another part."""

from __future__ import annotations

import hashlib

import numpy as np

STREAMS = (
    "layout",
    "style",
    "buildings",
    "plants",
    "furniture",
    "traffic",
    "people",
    "light",
    "camera",
    "post",
)


def stream(seed: int, name: str, *index: int) -> np.random.Generator:
    """The generator of one named part of the scene `seed`, optionally of its index-th object.

    Raises ValueError for an unknown name, so that a typing error cannot open a new stream.
    """
    if name not in STREAMS:
        raise ValueError(f"unknown random stream {name!r}; known: {', '.join(STREAMS)}")
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    # Index in the spawn key: entropy [a] and [a, 0] would give the same numbers.
    sequence = np.random.SeedSequence([seed, int.from_bytes(digest, "big")], spawn_key=index)
    return np.random.default_rng(sequence)
