"""Official pix2pixHD checkpoints: probing, splits, unsafe files, conversion there and back."""

from __future__ import annotations

import collections
import pickle
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from main import main
from model.checkpoint import (
    load_discriminator,
    load_encoder,
    load_generator,
    open_checkpoint,
    save_checkpoint,
)
from model.conditioning import ConditioningConfig, build_conditioning
from model.errors import CheckpointError
from model.networks import GENERATORS
from model.networks.cascaded_refinement import CascadedRefinement, CascadedRefinementConfig
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.official.options import format_options, read_options
from model.official.probe import (
    kind_of,
    probe_discriminator,
    probe_encoder,
    probe_generator,
)
from model.official.split import Split, parse_split, possible_splits
from model.official.state import read_state, shapes
from model.official.unpickle import read_label_arrays, write_label_arrays
from model.weights import check_shapes, describe

GOLDEN = Path(__file__).parent / "golden"
CHECKPOINTS = GOLDEN / "checkpoints"
HERE = Path("file.pth")
OPENABLE = [
    "batchnorm",
    "global",
    "legacy_batchnorm",
    "legacy_instance",
    "local",
    "local2",
    "local_feat",
    "rgb",
]


@pytest.fixture
def folder_of(tmp_path):
    """folder_of(name, *files): a copy of a golden folder, of all its files or of some."""

    def copy(name, *files):
        target = tmp_path / name
        target.mkdir()
        for file in files or [entry.name for entry in (CHECKPOINTS / name).iterdir()]:
            shutil.copy(CHECKPOINTS / name / file, target / file)
        return target

    return copy


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def save_changed(file, change):
    state = torch.load(file, weights_only=True)
    change(state)
    torch.save(state, file)


# --- Names and shapes written down layer by layer, without our networks -------------------------


def sequence(prefix, layers):
    """State dict shapes of an nn.Sequential: layers are lists of (suffix, shape)."""
    found = {}
    for index, layer in enumerate(layers):
        for suffix, shape in layer:
            found[f"{prefix}.{index}.{suffix}"] = shape
    return found


def conv(outputs, inputs, side):
    return [("weight", (outputs, inputs, side, side)), ("bias", (outputs,))]


def transposed(inputs, outputs):
    return [("weight", (inputs, outputs, 3, 3)), ("bias", (outputs,))]


def norm(kind, c):
    if kind == "instance":
        return []
    names = ("weight", "bias", "running_mean", "running_var")
    return [*((name, (c,)) for name in names), ("num_batches_tracked", ())]


def block(kind, c):
    layers = [[], conv(c, c, 3), norm(kind, c), [], [], conv(c, c, 3), norm(kind, c)]
    flat = sequence("conv_block", layers)
    return list(flat.items())


def trunk_layers(inputs, width, downs, blocks, kind):
    layers = [[], conv(width, inputs, 7), norm(kind, width), []]
    for k in range(downs):
        c = width * 2**k
        layers += [conv(2 * c, c, 3), norm(kind, 2 * c), []]
    layers += [block(kind, width * 2**downs) for _ in range(blocks)]
    for k in reversed(range(downs)):
        c = width * 2**k
        layers += [transposed(2 * c, c), norm(kind, c), []]
    return layers


def global_shapes(c):
    layers = trunk_layers(c.input_channels, c.base_channels, c.downsamples, c.blocks, c.norm)
    return sequence("model", [*layers, [], conv(c.output_channels, c.base_channels, 7), []])


def encoder_shapes(c):
    layers = trunk_layers(c.input_channels, c.base_channels, c.downsamples, 0, c.norm)
    return sequence("model", [*layers, [], conv(c.output_channels, c.base_channels, 7), []])


def local_shapes(c):
    width = c.base_channels * 2**c.enhancers
    layers = trunk_layers(c.input_channels, width, c.global_downsamples, c.global_blocks, c.norm)
    found = sequence("model", layers)
    for n in range(1, c.enhancers + 1):
        w = c.base_channels * 2 ** (c.enhancers - n)
        before = [[], conv(w, c.input_channels, 7), norm(c.norm, w), []]
        before += [conv(2 * w, w, 3), norm(c.norm, 2 * w), []]
        after = [block(c.norm, 2 * w) for _ in range(c.local_blocks)]
        after += [transposed(2 * w, w), norm(c.norm, w), []]
        if n == c.enhancers:
            after += [[], conv(c.output_channels, w, 7), []]
        found |= sequence(f"model{n}_1", before) | sequence(f"model{n}_2", after)
    return found


def discriminator_shapes(c):
    groups, width = [[conv(c.base_channels, c.input_channels, 4), []]], c.base_channels
    for _ in range(c.layers):
        wider = min(2 * width, 512)
        groups.append([conv(wider, width, 4), norm(c.norm, wider), []])
        width = wider
    groups.append([conv(1, width, 4)])
    found = {}
    for scale in range(c.scales):
        if c.intermediate_features:
            for j, group in enumerate(groups):
                found |= sequence(f"scale{scale}_layer{j}", group)
        else:
            found |= sequence(f"layer{scale}", [layer for group in groups for layer in group])
    return found


def random_generator(draw):
    kind = draw.choice(["instance", "batch"])
    inputs, outputs, width = draw.randint(1, 60), draw.choice([1, 3, 4]), draw.randint(1, 6)
    if draw.random() < 0.5:
        return "global", GlobalGeneratorConfig(
            inputs, outputs, width, draw.randint(0, 5), draw.randint(0, 9), kind
        )
    sizes = [draw.randint(0, 4), draw.randint(0, 6), draw.randint(1, 3), draw.randint(0, 4)]
    return "local", LocalEnhancerConfig(inputs, outputs, width, *sizes, kind)


@pytest.mark.parametrize("seed", range(4))
def test_random_official_networks_are_recovered_from_names_and_shapes(seed):
    draw = random.Random(seed)
    for _ in range(60):
        name, config = random_generator(draw)
        found = (global_shapes if name == "global" else local_shapes)(config)
        assert probe_generator(found, HERE) == (name, config)
        check_shapes(found, describe(GENERATORS[name][0], config, HERE), HERE)

        kind = draw.choice(["instance", "batch"])
        encoder = EncoderConfig(3, draw.randint(1, 8), draw.randint(1, 9), draw.randint(0, 5), kind)
        found = encoder_shapes(encoder)
        assert probe_encoder(found, HERE) == encoder and kind_of(found) == "encoder"
        check_shapes(found, describe(Encoder, encoder, HERE), HERE)

        discriminator = DiscriminatorConfig(
            draw.randint(1, 60),
            draw.randint(1, 300),
            draw.randint(1, 5),
            draw.randint(1, 4),
            kind,
            draw.random() < 0.5,
        )
        found = discriminator_shapes(discriminator)
        assert probe_discriminator(found, HERE) == discriminator
        assert kind_of(found) == "discriminator"
        check_shapes(found, describe(MultiscaleDiscriminator, discriminator, HERE), HERE)


@pytest.mark.parametrize(
    ("indices", "reason"), [((0, 3), "zero padding"), ((1, 6), "dropout"), ((2, 7), "a variant")]
)
def test_blocks_of_other_variants_are_refused_by_name(indices, reason):
    found = global_shapes(GlobalGeneratorConfig(36, 3, 4, 2, 2))
    renamed = {}
    for name, shape in found.items():
        for old, new in zip((1, 5), indices, strict=True):
            if f"conv_block.{old}." in name:
                name = name.replace(f"conv_block.{old}.", f"conv_block.{new}.")
                break
        renamed[name] = shape
    with pytest.raises(CheckpointError, match=reason):
        probe_generator(renamed, HERE)


def test_the_early_encoder_without_padding_layer_is_refused_as_such():
    found = encoder_shapes(EncoderConfig(3, 3, 4, 4))
    early = {name.replace("model.29.", "model.28."): shape for name, shape in found.items()}
    with pytest.raises(CheckpointError, match="before the official code got its reflection"):
        probe_encoder(early, HERE)


def test_unrelated_tensors_are_refused():
    for found in ({}, {"fc.weight": (10, 5)}, {"model.1.weight": (4, 36, 3, 3)}):
        with pytest.raises(CheckpointError, match="no network of the official code"):
            probe_generator(found, HERE)


# --- Golden checkpoints --------------------------------------------------------------------------

EXPECTED = {
    "global": ("global", "35+1", False),
    "local": ("local", "35+1", False),
    "local2": ("local", "35+1", False),
    "local_feat": ("local", "35+1+3", False),
    "batchnorm": ("global", "35+0", False),
    "legacy_batchnorm": ("global", "35+0", True),
    "legacy_instance": ("global", "35+1", True),
    "rgb": ("global", "rgb", False),
}


@pytest.mark.parametrize("name", OPENABLE)
def test_golden_folders_open_without_flags(name):
    checkpoint = open_checkpoint(CHECKPOINTS / name)
    generator_name, split, is_guess = EXPECTED[name]
    assert checkpoint.official and checkpoint.generator_name == generator_name
    assert checkpoint.conditioning == parse_split(split).conditioning()
    assert checkpoint.split_is_guess == is_guess and split in checkpoint.splits
    assert checkpoint.schema_name == ("" if name == "rgb" else "cityscapes")
    stored = torch.load(checkpoint.weights["generator"], weights_only=True)
    loaded = load_generator(checkpoint).state_dict()
    assert all(torch.equal(loaded[n], stored[n]) for n in loaded if n in stored)
    extra = {n for n in stored if n not in loaded}
    assert all("running" in n for n in extra) and bool(extra) == (name == "legacy_instance")
    assert (load_encoder(checkpoint) is not None) == (name == "local_feat")
    assert (load_discriminator(checkpoint) is not None) == ("discriminator" in checkpoint.weights)


CASES = {
    "global": "global_160x96",
    "local": "local_160x96",
    "local2": "local2_96x64",
    "batchnorm": "batchnorm_128x64",
    "legacy_batchnorm": "batchnorm_128x64",
    "legacy_instance": "legacy_instance_128x64",
    "local_feat": "local_feat_encoded_128x64",
    "rgb": "rgb_128x64",
}


def golden_output(checkpoint, case):
    arrays = np.load(GOLDEN / "arrays" / f"{case}.npz")
    generator = load_generator(checkpoint)

    def tensor(name):
        return torch.from_numpy(arrays[name])[None] if name in arrays else None

    with torch.inference_mode():
        if checkpoint.conditioning.rgb:
            conditioning = tensor("input")
        else:
            conditioning = build_conditioning(
                checkpoint.conditioning, tensor("label"), tensor("inst"), tensor("feat")
            )
        return generator(conditioning)[0].numpy(), arrays["output"]


@pytest.mark.parametrize("name", OPENABLE)
def test_golden_pictures_come_out_of_opened_folders(name, golden):
    ours, official = golden_output(open_checkpoint(CHECKPOINTS / name), CASES[name])
    golden(f"checkpoint {name}", np.abs(ours - official).max(), 5e-5)


def test_batch_norm_statistics_stay_as_stored_when_painting():
    checkpoint = open_checkpoint(CHECKPOINTS / "batchnorm")
    generator = load_generator(checkpoint)
    before = {name: t.clone() for name, t in generator.state_dict().items()}
    with torch.inference_mode():
        generator(torch.rand(1, 35, 64, 64))
    assert all(torch.equal(before[name], t) for name, t in generator.state_dict().items())


def test_a_discriminator_ends_in_a_sigmoid_where_the_options_say_so():
    opened = {name: open_checkpoint(CHECKPOINTS / name) for name in ("rgb", "global")}
    assert opened["rgb"].discriminator_config.sigmoid
    assert not opened["global"].discriminator_config.sigmoid


def test_a_single_file_opens_like_its_folder_and_alone(tmp_path):
    with_siblings = open_checkpoint(CHECKPOINTS / "local_feat" / "latest_net_G.pth")
    assert with_siblings.encoder_config is not None and not with_siblings.split_is_guess
    shutil.copy(CHECKPOINTS / "local_feat" / "latest_net_G.pth", tmp_path / "street.pth")
    alone = open_checkpoint(tmp_path / "street.pth")
    assert (alone.name, alone.encoder_config, alone.split_is_guess) == ("street", None, True)
    assert alone.splits[0] == "35+1+3"


def test_the_latest_epoch_of_a_folder_is_opened(folder_of):
    folder = folder_of("local", "latest_net_G.pth")
    (folder / "latest_net_G.pth").rename(folder / "8_net_G.pth")
    for epoch in ("9", "10", "latest"):
        shutil.copy(folder / "8_net_G.pth", folder / f"{epoch}_net_G.pth")
        assert open_checkpoint(folder).facts["epoch"] == epoch


def test_names_of_parallel_training_lose_their_prefix(folder_of):
    folder = folder_of("local")

    def wrap(state):
        for name in list(state):
            state[f"module.{name}"] = state.pop(name)

    save_changed(folder / "latest_net_G.pth", wrap)
    ours, official = golden_output(open_checkpoint(folder), "local_64x64")
    assert np.abs(ours - official).max() < 5e-5


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("d_no_interm", "no generator"),
        ("synthetic_features", "is no checkpoint"),
        ("nowhere", "There is no checkpoint"),
        ("local_feat/latest_net_E.pth", "holds an encoder"),
        ("local_feat/latest_net_D.pth", "holds a discriminator"),
        ("local_feat/opt.txt", "is no checkpoint"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_sentence(path, reason):
    with pytest.raises(CheckpointError, match=reason) as caught:
        open_checkpoint(CHECKPOINTS / path)
    assert str(CHECKPOINTS / path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_lone_encoder_or_discriminator_is_no_generator(tmp_path):
    for letter, reason in (("E", "kind encoder"), ("D", "kind discriminator")):
        shutil.copy(CHECKPOINTS / "local_feat" / f"latest_net_{letter}.pth", tmp_path / "x.pth")
        with pytest.raises(CheckpointError, match=reason):
            open_checkpoint(tmp_path / "x.pth")


# --- Contradictions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ngf: 2", "ngf: 32", ("ngf 2", "32")),
        ("netG: local", "netG: global", ("netG local", "global")),
        ("n_blocks_local: 2", "n_blocks_local: 3", ("n_blocks_local 2", "3")),
        ("n_downsample_global: 4", "n_downsample_global: 3", ("n_downsample_global 4", "3")),
        ("nef: 4", "nef: 16", ("nef 4", "16")),
        ("num_D: 3", "num_D: 2", ("num_D 3", "2")),
        ("norm: instance", "norm: batch", ("norm instance", "batch")),
        ("no_instance: False", "no_instance: True", ("35+0+3 = 38", "takes 39")),
        ("label_nc: 35", "label_nc: 36", ("36+1+3 = 40", "takes 39")),
        ("instance_feat: True", "instance_feat: False", ("35+1 = 36", "takes 39")),
        ("feat_num: 3", "feat_num: three", ("feat_num", "three")),
        ("no_instance: False", "no_instance: maybe", ("no_instance", "maybe")),
    ],
)
def test_options_that_contradict_the_weights_are_refused_with_both_sides(folder_of, old, new, told):
    folder = folder_of("local_feat")
    edit(folder / "opt.txt", old, new)
    with pytest.raises(CheckpointError) as caught:
        open_checkpoint(folder)
    assert all(part in str(caught.value) for part in (*told, "opt.txt"))


def test_older_options_files_lack_keys_and_open_all_the_same(folder_of):
    folder = folder_of("local_feat")
    lines = (folder / "opt.txt").read_text().splitlines()
    gone = ("input_nc", "data_type", "verbose", "fp16", "local_rank", "model:")
    (folder / "opt.txt").write_text("\n".join(x for x in lines if not x.startswith(gone)))
    assert open_checkpoint(folder).conditioning.feature_channels == 3


def test_files_of_different_runs_are_refused(folder_of):
    folder = folder_of("local_feat", "latest_net_G.pth", "latest_net_E.pth")
    shutil.copy(CHECKPOINTS / "rgb" / "latest_net_D.pth", folder)
    with pytest.raises(CheckpointError, match=r"36 feature channels and .*net_E\.pth says 3"):
        open_checkpoint(folder)
    shutil.copy(CHECKPOINTS / "local_feat" / "latest_net_D.pth", folder)
    write_label_arrays(folder / "features_clustered_010.npy", {7: np.zeros((2, 5))})
    with pytest.raises(CheckpointError, match="says 5, of 39 input channels"):
        open_checkpoint(folder)
    shutil.copy(CHECKPOINTS / "local_feat" / "latest_net_G.pth", folder / "latest_net_E.pth")
    with pytest.raises(CheckpointError, match="is a generator, not an encoder"):
        open_checkpoint(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.pop("model.4.bias"), "model.4.bias does not fit"),
        (lambda s: s.pop("model1_1.1.bias"), "missing model1_1.1.bias"),
        (lambda s: s.update(extra=torch.zeros(3)), "unexpected extra"),
        (lambda s: s.update({"model1_1.4.weight": torch.zeros(4, 2, 5, 5)}), "4x2x5x5"),
        (lambda s: s.update({"model.1.bias": torch.zeros(5)}), "has shape 5 in the file and 4"),
        (lambda s: s.update(epoch=3), "epoch is no tensor"),
        (lambda s: s.update({"model.1.bias": torch.zeros(4, dtype=torch.int32)}), "int32"),
        (lambda s: s.update({"module.model.1.bias": torch.zeros(4)}), "twice"),
        (lambda s: s.update({"model1_1.1.weight": torch.zeros(9, 36, 7, 7)}), "9 channels"),
        (lambda s: s.update({"model.1.weight": torch.zeros(1).expand(10**6, 10**6, 7, 7)}), "decl"),
    ],
)
def test_tensors_that_do_not_fit_are_refused_and_named(folder_of, change, told):
    folder = folder_of("local")
    save_changed(folder / "latest_net_G.pth", change)
    with pytest.raises(CheckpointError, match=told):
        open_checkpoint(folder)


def test_absurd_sizes_are_refused_before_a_network_is_described():
    for config in (
        GlobalGeneratorConfig(36, 3, 64, 200, 9),
        GlobalGeneratorConfig(36, 3, 64, 4, 10**7),
        GlobalGeneratorConfig(36, 3, 10**6, 4, 9),
        GlobalGeneratorConfig(-1, 3, 64, 4, 9),
        GlobalGeneratorConfig(36, 3, 1000, 4, 250),
        LocalEnhancerConfig(36, 3, 32, 4, 9, 60, 3),
    ):
        kind = GENERATORS["local" if isinstance(config, LocalEnhancerConfig) else "global"][0]
        with pytest.raises(CheckpointError, match="describes a network"):
            describe(kind, config, HERE)


def test_many_levels_are_refused_and_many_channels_of_a_tint_are_not():
    small = {"base_channels": 2, "global_downsamples": 1, "global_blocks": 1, "local_blocks": 1}
    described = describe(LocalEnhancer, LocalEnhancerConfig(36, **small, tint=range(30)), HERE)
    assert described.tint is not None and described.tint.in_channels == 30
    deep = CascadedRefinementConfig(36, module_channels=(4,) * 30)
    with pytest.raises(CheckpointError, match="doubled 29 times"):
        describe(CascadedRefinement, deep, HERE)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(folder_of, bad):
    folder = folder_of("local")
    save_changed(folder / "latest_net_G.pth", lambda s: s["model.1.bias"].fill_(bad))
    checkpoint = open_checkpoint(folder)
    with pytest.raises(CheckpointError, match=r"model\.1\.bias has values that are not finite"):
        load_generator(checkpoint)


# --- Splits --------------------------------------------------------------------------------------


def test_the_split_can_be_chosen_and_must_add_up():
    path = CHECKPOINTS / "legacy_instance"
    assert not open_checkpoint(path, "36").conditioning.boundary
    chosen = open_checkpoint(path, "32+1+3")
    assert chosen.conditioning == ConditioningConfig(32, False, True, 3)
    assert (chosen.schema_name, chosen.split_is_guess) == ("numbered-32", False)
    for split, told in (("35", "takes 36"), ("rgb", "takes 36"), ("35+2", "not of the form")):
        with pytest.raises(CheckpointError, match=told):
            open_checkpoint(path, split)
    with pytest.raises(CheckpointError, match=r"0 feature channels, and .* says 3"):
        open_checkpoint(CHECKPOINTS / "local_feat", "38+1")


def test_guesses_follow_what_is_usual():
    guessed = {n: str(possible_splits(n, None, None, 0)[0]) for n in (3, 20, 35, 36, 38, 39)}
    usual = {3: "rgb", 20: "19+1", 35: "35+0", 36: "35+1", 38: "35+0+3", 39: "35+1+3"}
    assert guessed == usual


def test_every_possible_split_adds_up_and_reads_back():
    for channels in range(1, 60):
        splits = possible_splits(channels, None, None, 0)
        assert splits and len(set(splits)) == len(splits)
        for split in splits:
            assert split.channels == split.conditioning().input_channels == channels
            assert parse_split(str(split)) == split


def test_styles_and_discriminator_narrow_the_possible_splits(folder_of):
    parts = ("latest_net_G.pth", "latest_net_D.pth", "features_clustered_010.npy")
    checkpoint = open_checkpoint(folder_of("local_feat", *parts))
    assert checkpoint.splits == ("35+1+3", "36+0+3") and checkpoint.split_is_guess
    assert possible_splits(36, None, 0, 36) == [Split(36)]


# --- Files that would do harm --------------------------------------------------------------------


class Touch:
    """Unpickling this normally creates a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def npy_of(content):
    header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + content


def test_a_style_file_that_runs_code_is_refused_and_runs_nothing(folder_of, tmp_path):
    folder, trap = folder_of("local_feat"), tmp_path / "trap"
    holder = np.empty((), object)
    holder[()] = {7: Touch(trap)}
    np.save(folder / "features_clustered_010.npy", holder, allow_pickle=True)
    with pytest.raises(CheckpointError, match=r"it names pathlib"):
        open_checkpoint(folder)
    assert not trap.exists()
    np.load(folder / "features_clustered_010.npy", allow_pickle=True)
    assert trap.exists(), "the trap would have worked"


def test_weights_that_run_code_are_refused_and_run_nothing(folder_of, tmp_path):
    trap = tmp_path / "trap"
    for name in ("latest_net_G.pth", "latest_net_D.pth", "latest_net_E.pth"):
        folder = folder_of("local_feat")
        torch.save(collections.OrderedDict(a=Touch(trap)), folder / name)
        with pytest.raises(CheckpointError, match="holds more than tensors"):
            open_checkpoint(folder)
        assert not trap.exists()
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no numpy file",
        npy_of(b""),
        npy_of(b"cos\nsystem\n(S'true'\ntR."),
        npy_of(b"cnumpy\ncore\n."),
        npy_of(pickle.dumps({7: [1, 2]})),
        npy_of(b"cnumpy\nndarray\n(dS'x'\nI1\nsb."),
        npy_of(pickle.dumps(np.zeros((2, 3)))),
    ],
)
def test_other_pickles_are_refused_as_style_files(tmp_path, content):
    file = tmp_path / "features_clustered_010.npy"
    file.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"features_clustered_010\.npy"):
        read_label_arrays(file)


@pytest.mark.parametrize(
    "content",
    [{7: np.array([[np.nan]])}, {-1: np.zeros((1, 3))}, {"7": np.zeros((1, 3))}, {7: np.zeros(3)}],
)
def test_style_files_with_impossible_values_are_refused(tmp_path, content):
    np.save(tmp_path / "f.npy", np.array(content, object), allow_pickle=True)
    with pytest.raises(CheckpointError, match="no plain feature file"):
        read_label_arrays(tmp_path / "f.npy")


def test_every_truncation_of_a_style_file_is_refused(tmp_path):
    whole = (CHECKPOINTS / "synthetic_features" / "features_clustered_010.npy").read_bytes()
    file = tmp_path / "f.npy"
    for length in range(0, len(whole) - 1, 7):
        file.write_bytes(whole[:length])
        with pytest.raises(CheckpointError):
            read_label_arrays(file)


def test_truncated_and_compressed_weights_are_refused(folder_of):
    folder = folder_of("local")
    file = folder / "latest_net_G.pth"
    whole = file.read_bytes()
    for length in (0, 10, 1000, len(whole) // 2, len(whole) - 30):
        file.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"latest_net_G\.pth"):
            open_checkpoint(folder)
    file.write_bytes(whole)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(CheckpointError, match="compressed"):
        open_checkpoint(folder)


def test_truncated_legacy_weights_are_refused(folder_of):
    folder = folder_of("legacy_batchnorm")
    file = folder / "latest_net_G.pth"
    whole = file.read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 5):
        file.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"latest_net_G\.pth"):
            open_checkpoint(folder)


# --- Style files ---------------------------------------------------------------------------------


def reference_arrays(path):
    """The content of a golden style file, unpickled freely: these files are our own."""
    return np.load(path, allow_pickle=True).item()


@pytest.mark.parametrize("dialect", ["", "_numpy1", "_python2"])
def test_all_pickle_dialects_give_the_same_centers(dialect):
    folder = CHECKPOINTS / "local_feat"
    expected = reference_arrays(folder / "features_clustered_010.npy")
    found = read_label_arrays(folder / f"features_clustered_010{dialect}.npy")
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[label], expected[label]) for label in expected)


def test_all_features_are_read_with_empty_labels():
    path = CHECKPOINTS / "local_feat" / "features.npy"
    expected, found = reference_arrays(path), read_label_arrays(path)
    assert list(found) == list(range(35)) and found[0].shape == (0, 4)
    assert all(np.array_equal(found[label], expected[label]) for label in expected)


def test_written_style_files_are_what_numpy_reads(tmp_path):
    arrays = {7: np.random.default_rng(0).normal(size=(4, 3)), 26: np.ones((1, 3))}
    write_label_arrays(tmp_path / "f.npy", arrays)
    assert b"_core" not in (tmp_path / "f.npy").read_bytes(), "numpy 1 has no numpy._core"
    for read in (reference_arrays, read_label_arrays):
        found = read(tmp_path / "f.npy")
        assert list(found) == [7, 26] and all(np.array_equal(found[k], arrays[k]) for k in arrays)


def test_fortran_order_and_big_endian_arrays_are_read(tmp_path):
    rows = np.arange(6.0).reshape(2, 3)
    content = {1: np.asfortranarray(rows), 2: rows.astype(">f8"), 3: rows.astype("f4")}
    np.save(tmp_path / "f.npy", np.array(content, object), allow_pickle=True)
    found = read_label_arrays(tmp_path / "f.npy")
    assert all(np.array_equal(found[label], rows) for label in content)


def test_official_styles_are_drawn_evenly_and_keep_their_order():
    book = open_checkpoint(CHECKPOINTS / "local_feat").style_book
    expected = reference_arrays(CHECKPOINTS / "local_feat" / "features_clustered_010.npy")
    assert list(book.centers) == sorted(expected)
    for label, centers in expected.items():
        assert np.array_equal(book.centers[label], centers.astype(np.float32))
        assert set(book.sizes[label]) == {1}


# --- opt.txt and conversion ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["global", "local", "local_feat", "rgb", "local2", "batchnorm"])
def test_options_are_written_in_the_official_format(name):
    path = CHECKPOINTS / name / "opt.txt"
    options = read_options(path)
    lines = path.read_text().splitlines()[1:-1]
    keys = [line.partition(":")[0] for line in lines]
    assert len(keys) == 62
    assert format_options({key: options.text(key) for key in keys}) == path.read_text()


@pytest.mark.parametrize("name", OPENABLE)
def test_conversion_there_and_back_keeps_every_weight(name, tmp_path):
    source, ours, back = CHECKPOINTS / name, tmp_path / "ours", tmp_path / "back"
    assert main(["convert", "--quiet", str(source), str(ours)]) == 0
    assert main(["convert", "--quiet", str(ours), str(back)]) == 0
    first, last = open_checkpoint(source), open_checkpoint(back)
    for field in ("generator_config", "conditioning", "encoder_config", "schema_name"):
        assert (
            getattr(first, field) == getattr(last, field) == getattr(open_checkpoint(ours), field)
        )
    assert first.facts == last.facts or not (source / "opt.txt").exists()
    assert first.discriminator_config == last.discriminator_config
    assert first.weights.keys() == last.weights.keys()
    for part, file in first.weights.items():
        before, after = read_state(file), read_state(last.weights[part])
        assert shapes(after).items() >= shapes(before).items()
        assert all(torch.equal(before[key], after[key]) for key in before)
    if first.style_book is not None:
        assert all(
            np.array_equal(first.style_book.centers[label], centers)
            for label, centers in last.style_book.centers.items()
        )


def test_converted_options_say_what_the_original_did(tmp_path):
    source = CHECKPOINTS / "local_feat"
    main(["convert", "--quiet", str(source), str(tmp_path / "ours")])
    main(["convert", "--quiet", str(tmp_path / "ours"), str(tmp_path / "local_feat")])
    before = set((source / "opt.txt").read_text().splitlines())
    after = set((tmp_path / "local_feat" / "opt.txt").read_text().splitlines())
    unknowable = ("dataroot", "no_vgg_loss")
    assert all(line.startswith(unknowable) for line in before ^ after)


def test_the_converted_picture_is_the_same(tmp_path):
    main(["convert", "--quiet", str(CHECKPOINTS / "batchnorm"), str(tmp_path / "ours")])
    ours, official = golden_output(open_checkpoint(tmp_path / "ours"), "batchnorm_128x64")
    assert np.abs(ours - official).max() < 5e-5


def save_tiny(folder, conditioning=None, encoder_config=None, **options):
    conditioning = conditioning or ConditioningConfig(35)
    config = GlobalGeneratorConfig(conditioning.input_channels, 3, 2, 2, 1, **options)
    save_checkpoint(
        folder,
        generator=GlobalGenerator(config),
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name="cityscapes",
        encoder=encoder_config and Encoder(encoder_config),
        encoder_config=encoder_config,
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"upsample": "resize"}, "generator upsamples by resize"),
        ({"padding": "reflect"}, "generator has reflect padding"),
        ({"max_channels": 4}, "no channel limit"),
        ({"conditioning": ConditioningConfig(35, spatial_reference=True)}, "spatial reference"),
        ({"encoder_config": EncoderConfig(3, 3, 2, 1, color_skip=1.5)}, "no skips of colour"),
        ({"encoder_config": EncoderConfig(3, 4, 2, 1, contrast_skip=9.0)}, "or contrast"),
        ({"encoder_config": EncoderConfig(3, 3, 2, 1, upsample="resize")}, "encoder upsamples"),
        ({"encoder_config": EncoderConfig(3, 3, 2, 1, "batch")}, "different norms"),
    ],
)
def test_options_of_our_own_are_not_written_as_official(tmp_path, capsys, parts, told):
    if "encoder_config" in parts:
        features = parts["encoder_config"].output_channels
        parts = {**parts, "conditioning": ConditioningConfig(35, feature_channels=features)}
    save_tiny(tmp_path / "ours", **parts)
    assert main(["convert", str(tmp_path / "ours"), str(tmp_path / "official")]) == 2
    assert told in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["ours"]


def test_a_tint_is_not_written_as_official(tmp_path, capsys):
    config = LocalEnhancerConfig(37, base_channels=2, global_downsamples=1, tint=(36,))
    save_checkpoint(
        tmp_path / "ours",
        generator=LocalEnhancer(config),
        generator_name="local",
        generator_config=config,
        conditioning=ConditioningConfig(35, feature_channels=1),
        schema_name="cityscapes",
    )
    assert main(["convert", str(tmp_path / "ours"), str(tmp_path / "official")]) == 2
    assert "take no tint" in capsys.readouterr().err


def test_a_channel_limit_that_changes_nothing_is_official(tmp_path):
    save_tiny(tmp_path / "ours", max_channels=8)
    assert main(["convert", "--quiet", str(tmp_path / "ours"), str(tmp_path / "official")]) == 0
    config = open_checkpoint(tmp_path / "official", "35+1").generator_config
    assert config == GlobalGeneratorConfig(36, 3, 2, 2, 1)


def test_conversion_never_overwrites(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    arguments = ["convert", str(CHECKPOINTS / "local"), str(tmp_path / "full")]
    assert main(arguments) == 2 and "exists already" in capsys.readouterr().err
    assert [entry.name for entry in (tmp_path / "full").iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    assert main(["convert", str(CHECKPOINTS / "local"), str(tmp_path / "empty")]) == 0


def test_a_guessed_split_is_said_when_converting(tmp_path, capsys):
    source = str(CHECKPOINTS / "legacy_instance")
    assert main(["convert", source, str(tmp_path / "a")]) == 0
    assert "35+1" in capsys.readouterr().err
    assert main(["convert", source, str(tmp_path / "b"), "--split", "36"]) == 0
    assert capsys.readouterr().err == ""
    assert open_checkpoint(tmp_path / "b").schema_name == "numbered-36"


def test_a_failed_conversion_leaves_nothing(tmp_path, folder_of):
    folder = folder_of("local")
    save_changed(folder / "latest_net_G.pth", lambda s: s["model.1.bias"].fill_(float("nan")))
    target = tmp_path / "out"
    assert main(["convert", str(folder), str(target)]) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["local"]


def test_reading_official_files_never_imports_what_a_pickle_names(tmp_path):
    file = tmp_path / "f.npy"
    file.write_bytes(npy_of(b"cantigravity\nfly_anywhere\n."))
    code = (
        "import sys; from pathlib import Path; from model.official.unpickle import *\n"
        f"try: read_label_arrays(Path({str(file)!r}))\n"
        "except CheckpointError: sys.exit('antigravity' in sys.modules)\n"
        "sys.exit(3)"
    )
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
