"""Crafted checkpoints, style books, training states, configurations and settings."""

from __future__ import annotations

import json
import pickle
import pickletools
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.crafting import OPENS, Crafted, archive, array, claiming, file, nested, npy
from tests.hostile.pictures import sparse
from tests.versions.write import TINY, fixture

GENERATOR = "generator.safetensors"
MARK = "/tmp/labelbrush-was-here"  # what a pickle would write


class Attack:
    """A pickle of it runs a command."""

    def __reduce__(self):
        return exec, (f"open({MARK!r}, 'w').write('x')",)


def checkpoint(change: Callable[[Path], object]):
    """A checkpoint that was written by the program, then changed."""

    def make(folder: Path) -> Path:
        target = folder / "checkpoint"
        shutil.copytree(fixture("checkpoint", 1), target)
        change(target)
        return target

    return make


def weights(content: bytes):
    return checkpoint(lambda folder: (folder / GENERATOR).write_bytes(content))


def safetensors(header: str, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header.encode() + data


def tensor(start: int, end: int, *shape: int) -> dict[str, Any]:
    return {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}


def filled(value: bytes):
    """The fixture's generator with one of its numbers replaced."""

    def change(folder: Path) -> None:
        data = bytearray((folder / GENERATOR).read_bytes())
        data[-2:] = value
        (folder / GENERATOR).write_bytes(data)

    return checkpoint(change)


def described(*keys: str, value: Any):
    """checkpoint.json with another value at a place."""

    def change(folder: Path) -> None:
        path = folder / "checkpoint.json"
        content = json.loads(path.read_text("utf-8"))
        place = content
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value
        path.write_text(json.dumps(content), "utf-8")

    return checkpoint(change)


def text(content: str):
    return checkpoint(lambda folder: (folder / "checkpoint.json").write_text(content, "utf-8"))


DISCRIMINATOR = {
    "input_channels": 38,
    "base_channels": 1,
    "layers": 3,
    "scales": 2,
    "norm": "instance",
    "intermediate_features": True,
    "sigmoid": False,
}


def book(members: dict[str, bytes], method: int = zipfile.ZIP_STORED):
    named = {"version.npy": array(2, "i8"), **members}
    return file("styles.npz", archive(named, method))


def header(shape: str, dtype: str = "'<f4'") -> str:
    return f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}, }}"


ZEROS = bytes(30 * 2**20)
SIZES = {"sizes_7.npy": array([1], "i8")}


# Official files, as torch 1.6 and later write them: a zip with data.pkl and data/0, data/1, ...


def pth(content: bytes, records: dict[str, bytes] | None = None, method: int = 0):
    members = {"a/data.pkl": content, "a/version": b"3\n"}
    members |= {f"a/data/{key}": data for key, data in (records or {}).items()}
    return file("latest_net_G.pth", archive(members, method))


def state(numbers: int, shape: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    """The pickle of {"w": a float tensor} over a storage of so many numbers."""
    place = b"(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + b"0X\3\0\0\0cpu"
    storage = place + b"J" + struct.pack("<i", numbers) + b"tQ"
    sides = [pickle.dumps(side, 2)[2:-1] for side in (shape, stride)]
    sides = [pickletools.optimize(b"\x80\2" + side + b".")[2:-1] for side in sides]
    rest = b"K\0" + sides[0] + sides[1] + b"\x89ccollections\nOrderedDict\n)R"
    built = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + rest + b"tR"
    return b"\x80\2}X\1\0\0\0w" + built + b"s."


def legacy(content: bytes):
    """The format before torch 1.6: five pickles, then numbers."""
    start = [pickle.dumps(0x1950A86A20F9469CFC6C, 2), pickle.dumps(1001, 2), pickle.dumps({}, 2)]
    return file("latest_net_G.pth", b"".join([*start, content, pickle.dumps([], 2)]))


def call(name: str, argument: bytes) -> bytes:
    """The pickle of a call."""
    return b"\x80\2c" + name.encode() + b"\n" + argument + b"\x85R."


ATTACK = pickle.dumps(Attack(), 2)
ALLOCATION = call("__builtin__\nbytearray", b"\x8a\x05\0\0\0\0\2")  # 8 GiB
TENSOR = call("torch\nTensor", b"\x8a\x05\0\0\0\0\2")
MEMO = b"\x80\2Nr" + struct.pack("<I", 0x7FFFFFFF) + b"."


def clusters(content: bytes):
    """An official folder whose generator is whole, with these clusters."""
    start = npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }")

    def make(folder: Path) -> Path:
        return file("features_clustered_010.npy", start + content)(folder)

    return make


def options(content: bytes):
    return file("opt.txt", content)


# States of training


def training(content: dict[str, Any]):
    """A state as torch.save writes it; content over that of the fixture."""

    def make(folder: Path) -> Path:
        import torch

        whole = torch.load(fixture("state", 2), weights_only=True)
        torch.save(whole | content, folder / "state.pt")
        return folder

    return make


def packed(shape: tuple[int, ...], bytes_: int) -> Any:
    """A packed tensor of that shape whose one plane unpacks to so many zeros."""
    import torch

    plane = torch.frombuffer(bytearray(zlib.compress(bytes(bytes_))), dtype=torch.uint8)
    return {"planes": [plane], "dtype": torch.uint8, "shape": shape, "stride": (1,) * len(shape)}


def bomb(folder: Path) -> Path:
    large = packed((300 * 2**20,), 300 * 2**20)
    return training({"pool": [large] * 8})(folder)


def configured(**changes: Any):
    config = {"losses": {"perceptual": 0.0}, **changes}
    return training({"config": json.dumps(config)})


def parts(folder: Path) -> Path:
    for number in (0, 2):
        (folder / f"state.part{number:02d}").write_bytes(b"part")
    return folder


def beside(name: str, content: str):
    """A folder of a run with one file."""

    def make(folder: Path) -> Path:
        file(name, content)(folder)
        return folder

    return make


def run_log(content: str):
    def make(folder: Path) -> Path:
        import tomllib

        (folder / "config.json").write_text(json.dumps(tomllib.loads(TINY)), "utf-8")
        return file("log.jsonl", content)(folder).parent

    return make


OWN = fixture("library", 1).read_bytes()
NEWER = OWN.replace(b'"version": 1', b'"version": 9')
ABSURD = {"base_channels": 10**9}
PTH = "damaged, or holds more than tensors"
NO_BOOK = "no style book"
SIZE = "describes a network"

FILES = [
    Crafted(
        "a header of an exabyte",
        "checkpoint",
        weights(b"\xff" * 7 + b"\x0f" + bytes(99)),
        "declares a header",
    ),
    Crafted(
        "a header of 50 MiB",
        "checkpoint",
        weights(safetensors(" " * 50 * 2**20)),
        "declares a header",
    ),
    Crafted("a nested header", "checkpoint", weights(safetensors(nested(100_000))), "as weights"),
    Crafted(
        "offsets beyond the file",
        "checkpoint",
        weights(safetensors(json.dumps({"a": tensor(0, 2**40, 2**38)}))),
        "as weights",
    ),
    Crafted(
        "offsets that overlap",
        "checkpoint",
        weights(safetensors(json.dumps({"a": tensor(0, 8, 2), "b": tensor(4, 8, 1)}), bytes(8))),
        "as weights",
    ),
    Crafted(
        "a shape that is not its bytes",
        "checkpoint",
        weights(safetensors(json.dumps({"a": tensor(0, 8, 10**6, 10**6)}), bytes(8))),
        "as weights",
    ),
    Crafted(
        "a file of 3 GiB",
        "checkpoint",
        checkpoint(lambda folder: sparse(GENERATOR, 3 * 2**30)(folder)),
        "as weights",
    ),
    Crafted("weights that are not numbers", "checkpoint", filled(b"\xff\x7f"), "not finite"),
    Crafted("weights that are infinite", "checkpoint", filled(b"\x00\x7c"), "not finite"),
    Crafted(
        "a billion channels",
        "checkpoint",
        described("generator", "config", "base_channels", value=10**9),
        SIZE,
    ),
    Crafted(
        "a million blocks",
        "checkpoint",
        described("generator", "config", "blocks", value=10**6),
        SIZE,
    ),
    Crafted(
        "channels doubled 60 times",
        "checkpoint",
        described("generator", "config", "downsamples", value=60),
        SIZE,
    ),
    Crafted(
        "discriminators of 64 by 65 layers",
        "checkpoint",
        described("discriminator", value={**DISCRIMINATOR, "scales": 64, "layers": 65}),
        SIZE,
    ),
    Crafted(
        "tensors that are missing",
        "checkpoint",
        weights(safetensors(json.dumps({"a": tensor(0, 4, 1)}), bytes(4))),
        "missing model",
    ),
    Crafted("a nested checkpoint.json", "checkpoint", text(nested()), "too deeply"),
    Crafted("a checkpoint.json of 2 MiB", "checkpoint", text(" " * 2**21), "larger than 1 MiB"),
    Crafted("a newer checkpoint", "checkpoint", described("version", value=7), "version 7"),
    Crafted("a generator that is a list", "checkpoint", described("generator", value=[]), "names"),
    Crafted("a format of nobody", "checkpoint", described("format", value="x"), "another program"),
    Crafted(
        "styles that run a command",
        "styles",
        book({"centers_7.npy": npy(header("()", "'|O'"), ATTACK), **SIZES}),
        NO_BOOK,
    ),
    Crafted(
        "an array of a terabyte",
        "styles",
        book({"centers_7.npy": npy(header(f"({10**12},)")), **SIZES}),
        NO_BOOK,
    ),
    Crafted(
        "a header of brackets", "styles", book({"centers_7.npy": npy("(" * 9000), **SIZES}), NO_BOOK
    ),
    Crafted("an array of 30 MiB", "styles", book({"centers_7.npy": ZEROS}, 8), "too large"),
    Crafted(
        "an array that lies",
        "styles",
        file("styles.npz", claiming(archive({"centers_7.npy": ZEROS}, 8), "centers_7.npy", 9)),
        NO_BOOK,
    ),
    Crafted(
        "2000 arrays",
        "styles",
        book({f"centers_{n}.npy": b"" for n in range(2000)}),
        "too many parts",
    ),
    Crafted(
        "centers that are no numbers",
        "styles",
        book({"centers_7.npy": array([[np.nan]]), **SIZES}),
        "not finite",
    ),
    Crafted(
        "centers of complex numbers",
        "styles",
        book({"centers_7.npy": array([[1j]], "c8"), **SIZES}),
        "complex",
    ),
    Crafted(
        "crops of 5000 pixels",
        "styles",
        book(
            {
                "centers_7.npy": array([[1]]),
                **SIZES,
                "crops_7.npy": array(np.zeros((1, 5000, 96, 3)), "u1"),
            }
        ),
        "pixels",
    ),
    Crafted("a style book of text", "styles", file("styles.npz", "hello"), NO_BOOK),
    Crafted(
        "a newer style book",
        "styles",
        file("styles.npz", archive({"version.npy": array(9, "i8")})),
        "style book version 9",
    ),
    Crafted("nested own styles", "library", file("a.json", nested()), "too deeply"),
    Crafted("own styles of 99 MiB", "library", sparse("a.json", 99 * 2**20), "larger than"),
    Crafted(
        "a newer file of own styles",
        "library",
        file("a.json", NEWER),
        "style version 9",
    ),
    Crafted("weights that run a command", "official", pth(ATTACK), PTH),
    Crafted("old weights that run a command", "official", legacy(ATTACK), PTH),
    Crafted("weights that take 8 GiB", "official", pth(ALLOCATION), PTH),
    Crafted("old weights that take 8 GiB", "official", legacy(ALLOCATION), PTH),
    Crafted("a tensor of 8 GiB", "official", pth(TENSOR), PTH),
    Crafted("a memo of two billion", "official", pth(MEMO), PTH),
    Crafted("a million opcodes", "official", pth(b"\x80\2" + b"N0" * 600_000 + b"N."), "too long"),
    Crafted(
        "a storage larger than its bytes",
        "official",
        pth(state(10_000, (10_000,), (1,)), {"0": bytes(400)}),
        "has not the",
    ),
    Crafted(
        "a tensor of stride 0",
        "official",
        pth(state(1, (10**6, 10**6), (0, 0)), {"0": bytes(4)}),
        "declares",
    ),
    Crafted(
        "a compressed pth",
        "official",
        pth(state(1, (1,), (1,)), {"0": ZEROS}, 8),
        "compressed archive",
    ),
    Crafted(
        "a pth without a pickle",
        "official",
        file("latest_net_G.pth", archive({"a/b": b""})),
        "no data.pkl",
    ),
    Crafted(
        "a pth cut short",
        "official",
        file("latest_net_G.pth", archive({"a/data.pkl": ATTACK})[:-9]),
        PTH,
    ),
    Crafted("a pth that is empty", "official", file("latest_net_G.pth", b""), PTH),
    Crafted(
        "weights with no convolution",
        "official",
        pth(state(1, (1,), (1,)), {"0": bytes(4)}),
        "no network of the official code|kind None",
    ),
    Crafted("clusters that run a command", "clusters", clusters(ATTACK), "no plain feature file"),
    Crafted("clusters with a memo of two billion", "clusters", clusters(MEMO), "feature file"),
    Crafted("clusters of text", "clusters", file("features_clustered_010.npy", "a"), "damaged"),
    Crafted("options of 2 MiB", "options", options(b"a: b\n" * 2**19), "larger than 1 MiB"),
    Crafted("options of bytes", "options", options(bytes(range(256))), "no options"),
    Crafted("a state that runs a command", "state", lambda folder: _attack(folder), PTH),
    Crafted("a state of 2.4 GiB of zeros", "state", bomb, "declares 2400 MiB"),
    Crafted(
        "a tensor of negative sides",
        "state",
        training({"pool": [{"planes": [], "dtype": None, "shape": (-5,), "stride": (1,)}]}),
        "cannot be resumed",
    ),
    Crafted(
        "a plane shorter than its shape",
        "state",
        lambda folder: training({"random": packed((5000,), 40)})(folder),
        "cannot be resumed",
    ),
    Crafted(
        "a state for a billion channels",
        "state",
        configured(generator_options=ABSURD),
        "cannot be used",
    ),
    Crafted(
        "a state of another run",
        "state",
        configured(generator_options={"base_channels": 2}),
        "cannot be resumed",
    ),
    Crafted("a newer state", "state", training({"version": 9}), "training state version 9"),
    Crafted("a state without a step", "state", training({"step": None}), "its step"),
    Crafted("a state that lacks a part", "state", parts, "state.part01 is missing"),
    Crafted("a nested configuration", "config", file("a.toml", f"a = {nested(50_000)}"), "deeply"),
    Crafted("a configuration of 2 MiB", "config", file("a.toml", "#" * 2**21), "larger than 1 MiB"),
    Crafted(
        "a base elsewhere", "config", file("a.toml", 'base = "../labels/cityscapes"'), "no preset"
    ),
    Crafted("stages that are a number", "config", file("a.toml", "stages = 5"), "another kind"),
    Crafted("losses that are a list", "config", file("a.toml", "losses = [1]"), "another kind"),
    Crafted("a configuration not in UTF-8", "config", file("a.toml", b"\xff"), "as TOML"),
    Crafted("a run without a configuration", "status", beside("config.json", nested()), "deeply"),
    Crafted("a run of another kind", "status", beside("config.json", "[1]"), "another kind"),
    Crafted("a log of words", "status", run_log('{"step": "a"}\n'), "no log of a run"),
    Crafted("a log of lists", "status", run_log("[{}]}\n"), "no log of a run"),
    Crafted(
        "styles of instance 10^30",
        "entries",
        file("a.json", json.dumps({str(10**30): {"cluster": 0}})),
        "must look like",
    ),
    Crafted("nested styles", "entries", file("a.json", nested()), "must look like"),
    Crafted("settings of bytes", "settings", file("a.ini", bytes(range(256)) * 99), OPENS),
    Crafted(
        "settings of other kinds",
        "settings",
        file("a.ini", "[brush]\nradius=nan\nsquare=7\n[window]\ngeometry=5\n"),
        OPENS,
    ),
    Crafted(
        "settings of one long line",
        "settings",
        file("a.ini", "[keys]\nchanged=" + "a=b, " * 10**6),
        OPENS,
    ),
]


def _attack(folder: Path) -> Path:
    pth(ATTACK)(folder).rename(folder / "state.pt")
    return folder
