"""Our own checkpoint folders: what is saved comes back, what is wrong is refused by name."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import model.checkpoint as checkpoint_module
from main import main
from model.checkpoint import (
    load_discriminator,
    load_encoder,
    load_generator,
    open_checkpoint,
    ready_to_train,
    replace_styles,
    save_checkpoint,
)
from model.conditioning import ConditioningConfig
from model.errors import CheckpointError, SchemaError
from model.networks import GENERATORS
from model.networks.cascaded_refinement import CascadedRefinementConfig
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.global_generator import GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancerConfig
from model.networks.unet import UNetConfig
from model.scene.labels import load_schema
from model.scene.project import ProjectFile, save_project
from model.scene.scene import Scene, Style
from model.styles.book import StyleBook

CHECKPOINTS = Path(__file__).parent / "golden" / "checkpoints"
CONDITIONING = ConditioningConfig(35, feature_channels=3, spatial_reference=True)
TINY = {
    "global": GlobalGeneratorConfig(
        CONDITIONING.input_channels, 3, 2, 2, 1, "batch", 5, "resize", "reflect"
    ),
    "local": LocalEnhancerConfig(CONDITIONING.input_channels, 3, 2, 2, 1, 1, 1),
    "unet": UNetConfig(CONDITIONING.input_channels, 3, 2, 2),
    "crn": CascadedRefinementConfig(CONDITIONING.input_channels, 3, (4, 3), 2),
}
ENCODER = EncoderConfig(3, 3, 2, 1, color_skip=1.5, upsample="resize", padding="reflect")
DISCRIMINATOR = DiscriminatorConfig(39, 2, 2, 2)
TOLD = {"cobbled": (1.0, 0.0, 2.0, -1.0)}
BOOK = StyleBook({26: np.array([[0.5, 0.0, -1.0], [0.25, 0.0, 1.0]])}, {26: np.array([5, 2])})
FACTS = {"steps": 7, "preset": "tiny", "size": (64, 128)}


def build(kind, config):
    torch.manual_seed(0)
    return kind(config)


def save(folder, name="local", **changed):
    config = changed.pop("generator_config", TINY[name])
    parts = {
        "generator": build(GENERATORS[name][0], config),
        "generator_name": name,
        "generator_config": config,
        "conditioning": CONDITIONING,
        "schema_name": "cityscapes",
        "encoder": build(Encoder, ENCODER),
        "encoder_config": ENCODER,
        "discriminator": build(MultiscaleDiscriminator, DISCRIMINATOR),
        "discriminator_config": DISCRIMINATOR,
        "style_book": BOOK,
        "facts": FACTS,
    }
    save_checkpoint(folder, **(parts | changed))
    return parts | changed


def description(folder):
    return json.loads((folder / "checkpoint.json").read_text())


def edit(folder, change):
    content = description(folder)
    change(content)
    (folder / "checkpoint.json").write_text(json.dumps(content))


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_what_is_saved_comes_back(tmp_path, name, dtype):
    parts = save(tmp_path / "mine", name, dtype=dtype)
    opened = open_checkpoint(tmp_path / "mine")
    assert (opened.name, opened.generator_name, opened.official) == ("mine", name, False)
    assert opened.schema_name == "cityscapes"
    assert opened.label_ids == load_schema("cityscapes").ids
    for field in ("generator_config", "conditioning", "encoder_config", "discriminator_config"):
        assert getattr(opened, field) == parts[field]
    assert opened.facts == FACTS
    assert np.array_equal(opened.style_book.centers[26], BOOK.centers[26])
    loaders = {"generator": load_generator, "encoder": load_encoder}
    for part, load in (loaders | {"discriminator": load_discriminator}).items():
        saved, loaded = parts[part].state_dict(), load(opened).state_dict()
        assert saved.keys() == loaded.keys()
        for key, tensor in saved.items():
            expected = tensor if key.endswith("tracked") else tensor.to(dtype).float()
            assert torch.equal(loaded[key], expected) and loaded[key].dtype == expected.dtype
            assert loaded[key].device.type == "cpu"


def test_a_loaded_generator_paints_as_the_saved_one(tmp_path):
    parts = save(tmp_path / "mine", dtype=torch.float32)
    conditioning = torch.rand(1, CONDITIONING.input_channels, 32, 64)
    with torch.inference_mode():
        loaded = load_generator(open_checkpoint(tmp_path / "mine"))
        assert not loaded.training
        assert torch.equal(loaded(conditioning), parts["generator"].eval()(conditioning))


def test_a_loaded_network_can_be_trained_on(tmp_path):
    save(tmp_path / "mine", "global", dtype=torch.float32)
    generator = ready_to_train(load_generator(open_checkpoint(tmp_path / "mine")))
    generator(torch.rand(2, CONDITIONING.input_channels, 16, 16)).sum().backward()
    assert all(p.grad is not None for p in generator.parameters())
    norms = [m for m in generator.modules() if isinstance(m, nn.BatchNorm2d)]
    assert norms and all(norm.num_batches_tracked == 1 for norm in norms)


def test_parts_may_be_left_out_and_old_ones_vanish(tmp_path):
    save(tmp_path)
    save(
        tmp_path,
        encoder=None,
        encoder_config=None,
        discriminator=None,
        discriminator_config=None,
        style_book=None,
        facts=None,
    )
    names = sorted(entry.name for entry in tmp_path.iterdir())
    assert names == ["checkpoint.json", "generator.safetensors"]
    opened = open_checkpoint(tmp_path / "checkpoint.json")
    assert opened.style_book is None and opened.facts == {}
    assert load_encoder(opened) is None and load_discriminator(opened) is None


def test_an_older_file_lacks_options_and_gets_the_defaults(tmp_path):
    config = LocalEnhancerConfig(36, 3, 2, 2, 1, 1, 1)
    encoder = EncoderConfig(3, 3, 2, 1)
    conditioning = ConditioningConfig(33, feature_channels=2)
    save(
        tmp_path,
        generator_config=config,
        conditioning=conditioning,
        encoder=build(Encoder, EncoderConfig(3, 2, 2, 1)),
        encoder_config=EncoderConfig(3, 2, 2, 1),
        style_book=None,
    )

    def age(content):
        for key in ("max_channels", "upsample", "padding", "norm"):
            del content["generator"]["config"][key]
        for key in ("color_skip", "contrast_skip", "upsample", "padding"):
            del content["encoder"][key]
        del content["conditioning"]["spatial_reference"]
        del content["facts"]
        del content["discriminator"]

    edit(tmp_path, age)
    opened = open_checkpoint(tmp_path)
    assert opened.generator_config == config
    assert opened.encoder_config.color_skip == encoder.color_skip == 0
    assert opened.discriminator_config is None and opened.facts == {}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.update(version=2), "checkpoint version 2, this one reads up to 1"),
        (lambda c: c.update(version="1"), "damaged"),
        (lambda c: c.update(format="other"), "of another program"),
        (lambda c: c["generator"].update(name="diffusion"), "'diffusion'; known are global, local"),
        (lambda c: c["generator"]["config"].update(wings=2), "option wings"),
        (lambda c: c["generator"]["config"].update(base_channels=2.5), "base_channels is 2.5"),
        (lambda c: c["generator"]["config"].update(norm="layer"), "norm is 'layer'"),
        (lambda c: c["generator"]["config"].pop("input_channels"), "input_channels"),
        (lambda c: c["generator"]["config"].update(base_channels=4), "has shape"),
        (lambda c: c["generator"]["config"].update(global_blocks=2), "missing model."),
        (lambda c: c["generator"]["config"].update(local_blocks=0), "unexpected model"),
        (lambda c: c["generator"]["config"].update(global_blocks=10**9), "describes a network"),
        (lambda c: c["generator"]["config"].update(base_channels=10**9), "describes a network"),
        (lambda c: c["generator"]["config"].update(enhancers=200), "describes a network"),
        (lambda c: c["generator"]["config"].update(tint=[0]), "tint is not of the features"),
        (lambda c: c["generator"]["config"].update(tint=[99]), "not among the 44"),
        (lambda c: c["generator"]["config"].update(tint=[0.5]), "tint is"),
        (lambda c: c["conditioning"].update(boundary=False), "takes 44 channels .* makes 43"),
        (lambda c: c["conditioning"].update(feature_channels=9, label_channels=29), "makes 3 feat"),
        (lambda c: c["schema"].update(label_ids=[0, 1]), "differing ids: 10, 11"),
        (lambda c: c.update(schema=None), "no label schema"),
        (lambda c: c.update(generator=None), "names the generator None"),
        (lambda c: c.update(encoder=3), "no EncoderConfig"),
        (lambda c: c["encoder"].update(color_skip=float("nan")), "color_skip is nan"),
        (lambda c: c.update(facts=[1]), "facts are no table"),
        (lambda c: c["facts"].update(size=[0, 5]), "its size is"),
    ],
)
def test_a_wrong_description_is_refused_and_says_why(tmp_path, change, told):
    save(tmp_path)
    edit(tmp_path, change)
    with pytest.raises(CheckpointError, match=told) as caught:
        open_checkpoint(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 10**5, '"x"', "\udcff"])
def test_a_file_that_is_no_description_is_refused(tmp_path, text):
    save(tmp_path)
    (tmp_path / "checkpoint.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CheckpointError, match=r"checkpoint\.json"):
        open_checkpoint(tmp_path)


@pytest.mark.parametrize("part", ["generator", "encoder", "discriminator"])
def test_missing_and_damaged_weights_are_refused(tmp_path, part):
    save(tmp_path)
    file = tmp_path / f"{part}.safetensors"
    whole = file.read_bytes()
    for content in (b"", whole[:100], whole[:-8], struct.pack("<Q", 10**12) + whole[8:]):
        file.write_bytes(content)
        with pytest.raises(CheckpointError, match=f"{part}.safetensors"):
            open_checkpoint(tmp_path)
    file.unlink()
    with pytest.raises(CheckpointError, match=f"{part}.safetensors"):
        open_checkpoint(tmp_path)


def test_weights_of_another_network_are_refused_with_its_tensor(tmp_path):
    save(tmp_path)
    shutil.copy(tmp_path / "discriminator.safetensors", tmp_path / "generator.safetensors")
    with pytest.raises(CheckpointError, match=r"missing model.* more and unexpected scale0"):
        open_checkpoint(tmp_path)


@pytest.mark.parametrize("bad", [float("nan"), float("-inf"), 1e6])
def test_weights_that_are_not_finite_are_not_saved(tmp_path, bad):
    generator = build(GENERATORS["local"][0], TINY["local"])
    with torch.no_grad():
        next(generator.parameters())[0] = bad
    with pytest.raises(CheckpointError, match=r"model\.1\.weight has values that are not finite"):
        save(tmp_path / "new", generator=generator)
    assert not (tmp_path / "new").exists()


def test_saved_weights_that_are_not_finite_are_not_loaded(tmp_path, monkeypatch):
    generator = build(GENERATORS["local"][0], TINY["local"])
    with torch.no_grad():
        next(generator.parameters())[0] = float("nan")
    monkeypatch.setattr(checkpoint_module.torch, "isfinite", torch.ones_like)
    save(tmp_path, generator=generator)
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match=r"model\.1\.weight"):
        load_generator(open_checkpoint(tmp_path))


def test_a_save_that_fails_leaves_the_old_checkpoint_as_it_was(tmp_path, monkeypatch):
    save(tmp_path, dtype=torch.float32)
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}

    def full_disk(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(CheckpointError, match="No space left"):
        save(tmp_path)
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before


def test_parts_that_do_not_belong_together_are_not_saved(tmp_path):
    wrong = [
        {"conditioning": ConditioningConfig(35)},
        {"encoder_config": None},
        {"discriminator": None},
        {"encoder_config": EncoderConfig(3, 5, 2, 1)},
        {"style_book": StyleBook({1: np.zeros((1, 2))}, {1: np.ones(1)})},
        {"facts": {"loss": float("nan")}},
    ]
    for changed in wrong:
        with pytest.raises(ValueError):
            save(tmp_path / "new", **changed)
    with pytest.raises(SchemaError):
        save(tmp_path / "new", schema_name="nowhere")
    assert not (tmp_path / "new").exists()


def test_a_schema_that_is_gone_does_not_stop_the_opening(tmp_path):
    save(tmp_path)
    edit(tmp_path, lambda c: c["schema"].update(name="gone", label_ids=[3]))
    opened = open_checkpoint(tmp_path)
    assert (opened.schema_name, opened.label_ids) == ("gone", (3,))


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be written"):
        save(tmp_path / "file" / "sub")


def test_a_split_is_refused_for_our_own_folders(tmp_path):
    save(tmp_path)
    with pytest.raises(CheckpointError, match="leave out --split"):
        open_checkpoint(tmp_path, "35+1")


def test_styles_are_replaced_in_place_but_never_in_official_folders(tmp_path):
    save(tmp_path, style_book=None)
    replace_styles(open_checkpoint(tmp_path), BOOK, TOLD)
    assert open_checkpoint(tmp_path).style_book.count(26) == 2
    assert open_checkpoint(tmp_path).conditioning.told == TOLD
    with pytest.raises(CheckpointError, match="takes 3 feature channels and the new styles have 2"):
        narrow = StyleBook({1: np.zeros((1, 2))}, {1: np.ones(1)})
        replace_styles(open_checkpoint(tmp_path), narrow, TOLD)
    with pytest.raises(CheckpointError, match="convert"):
        replace_styles(open_checkpoint(CHECKPOINTS / "local_feat"), BOOK, TOLD)


# --- inspect -------------------------------------------------------------------------------------


def inspected(capsys, *arguments):
    assert main(["inspect", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_inspect_describes_our_checkpoints(tmp_path, capsys):
    parts = save(tmp_path / "mine")
    report = inspected(capsys, tmp_path / "mine")
    assert (report["kind"], report["name"], report["split"]) == ("checkpoint", "mine", "35+1+3")
    for part in ("generator", "encoder", "discriminator"):
        count = sum(p.numel() for p in parts[part].parameters())
        assert report[part]["parameters"] == count
        assert report[part]["bytes"] == (tmp_path / "mine" / report[part]["file"]).stat().st_size
    assert report["encoder"]["color_skip"] == 1.5
    assert report["styles"] == {"car": 2} and report["schema"] == "cityscapes"
    assert report["facts"] == {"steps": 7, "preset": "tiny", "size": [64, 128]}
    assert main(["inspect", str(tmp_path / "mine")]) == 0
    text = capsys.readouterr().out
    assert "kind: checkpoint\n" in text and "\n  car: 2\n" in text


def test_inspect_recovers_the_architecture_of_official_folders(capsys):
    meta = json.loads((CHECKPOINTS.parent / "meta.json").read_text())["checkpoints"]
    for name in ("global", "local", "local_feat", "local2", "batchnorm", "rgb"):
        report = inspected(capsys, CHECKPOINTS / name)
        args = meta[name]["args"]
        assert report["kind"] == "official checkpoint" and not report["split_is_guess"]
        assert report["generator"]["base_channels"] == args["ngf"]
        assert report["generator"]["parameters"] == meta[name]["files"]["G"]["params"]
        assert report["conditioning"]["boundary"] != args.get("no_instance", False)
        downs = "downsamples" if args["netG"] == "global" else "global_downsamples"
        assert report["generator"][downs] == args["n_downsample_global"]
    report = inspected(capsys, CHECKPOINTS / "legacy_instance")
    assert report["split_is_guess"] and report["possible_splits"][:2] == ["35+1", "36+0"]
    assert inspected(capsys, CHECKPOINTS / "legacy_instance", "--split", "36")["split"] == "36+0"


def test_inspect_describes_projects(tmp_path, capsys):
    labels = np.full((8, 16), 7, np.uint8)
    labels[2:4, 2:6] = 26
    instances = labels.astype(np.int32)
    instances[labels == 26] = 26001
    scene = Scene(load_schema("cityscapes"), labels, instances, {26001: Style((0.0, 0.0, 0.0), 1)})
    save_project(tmp_path / "a.labelbrush", ProjectFile(scene, "streets", 4))
    report = inspected(capsys, tmp_path / "a.labelbrush")
    assert report["kind"] == "project" and report["checkpoint"] == "streets"
    assert (report["size"], report["instances"], report["styles"]) == ([8, 16], 2, 1)


def test_inspect_describes_runs(tmp_path, capsys):
    (tmp_path / "log.jsonl").write_text('{"step": 50}\n{"step": 100}\n')
    assert inspected(capsys, tmp_path)["last"] == {"step": 100}
    save(tmp_path / "checkpoint")
    assert inspected(capsys, tmp_path)["checkpoint"]["generator"]["network"] == "LocalEnhancer"


def test_inspect_refuses_what_is_none_of_these(tmp_path, capsys):
    (tmp_path / "note.txt").write_text("hello")
    for path in (tmp_path, tmp_path / "note.txt", tmp_path / "missing"):
        assert main(["inspect", str(path)]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1 and str(path) in captured.err
