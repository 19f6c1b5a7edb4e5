from __future__ import annotations

import io
import logging
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from model.errors import MapError
from model.scene import maps
from model.scene.labels import label_of, load_schema
from model.scene.maps import (
    find_instance_map,
    open_scene,
    read_instance_map,
    read_label_map,
    read_picture,
    write_instance_map,
    write_label_map,
    write_picture,
)

SCHEMA = load_schema("cityscapes")
LABELS = np.array([[7, 7, 26], [11, 23, 26]], np.uint8)
INSTANCES = np.array([[7, 7, 26001], [11, 23, 26001]], np.int32)


def save(path, values, mode=None, **options):
    Image.fromarray(values).convert(mode).save(path, **options)
    return path


def one_sentence(error, name):
    text = str(error.value)
    assert name in text
    assert text.endswith(".")
    assert "\n" not in text
    return text


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff"])
def test_a_grey_label_map_is_read_as_it_is(tmp_path, suffix):
    labels = read_label_map(save(tmp_path / f"map{suffix}", LABELS), SCHEMA)
    assert labels.dtype == np.uint8
    np.testing.assert_array_equal(labels, LABELS)


@pytest.mark.parametrize("bits", [8, 4])
def test_a_palette_label_map_is_read_by_index_not_by_colour(tmp_path, bits):
    values = LABELS if bits == 8 else LABELS % 16
    image = Image.fromarray(values)
    image.putpalette(np.random.default_rng(0).integers(0, 256, 768).astype(np.uint8).tobytes())
    image.save(tmp_path / "map.png", bits=bits)
    np.testing.assert_array_equal(read_label_map(tmp_path / "map.png", SCHEMA), values)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "1"])
def test_a_label_map_in_colour_or_black_and_white_is_refused(tmp_path, mode):
    path = save(tmp_path / "map.png", LABELS, mode)
    with pytest.raises(MapError) as error:
        read_label_map(path, SCHEMA)
    assert "8-bit" in one_sentence(error, "map.png")


def test_a_16_bit_label_map_is_refused(tmp_path):
    path = save(tmp_path / "map.png", LABELS.astype(np.uint16))
    with pytest.raises(MapError) as error:
        read_label_map(path, SCHEMA)
    assert "8-bit" in one_sentence(error, "map.png")


def test_labels_outside_the_schema_are_refused_and_named(tmp_path):
    labels = LABELS.copy()
    labels[0, :2] = 255, 34
    path = save(tmp_path / "map.png", labels)
    with pytest.raises(MapError) as error:
        read_label_map(path, SCHEMA)
    text = one_sentence(error, "map.png")
    assert "34, 255; 2 pixels" in text
    assert "'cityscapes'" in text
    np.testing.assert_array_equal(read_label_map(path), labels)  # without a schema: any id


def test_a_map_full_of_wrong_labels_does_not_fill_the_screen(tmp_path):
    path = save(tmp_path / "map.png", np.arange(256, dtype=np.uint8).reshape(16, 16))
    with pytest.raises(MapError) as error:
        read_label_map(path, SCHEMA)
    assert len(str(error.value)) < 250 + len(str(path))


@pytest.mark.parametrize("read", [read_label_map, read_instance_map, read_picture])
class TestEveryReader:
    def test_refuses_a_missing_file(self, read, tmp_path):
        with pytest.raises(MapError) as error:
            read(tmp_path / "none.png")
        assert "does not exist" in one_sentence(error, "none.png")

    def test_refuses_a_folder(self, read, tmp_path):
        (tmp_path / "maps.png").mkdir()
        with pytest.raises(MapError) as error:
            read(tmp_path / "maps.png")
        assert "folder" in one_sentence(error, "maps.png")

    @pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a" + bytes(40)])
    def test_refuses_what_is_no_picture(self, read, tmp_path, content):
        (tmp_path / "map.png").write_bytes(content)
        with pytest.raises(MapError) as error:
            read(tmp_path / "map.png")
        assert "PNG" in one_sentence(error, "map.png")

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
    def test_refuses_a_file_cut_short_anywhere(self, read, tmp_path, kind):
        noise = np.random.default_rng(0).integers(0, 30, (40, 40), np.uint8)
        buffer = io.BytesIO()
        compression = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
        Image.fromarray(noise).save(buffer, kind, **compression)
        whole = buffer.getvalue()
        for share in range(1, 16):
            (tmp_path / "map").write_bytes(whole[: len(whole) * share // 17])
            with pytest.raises(MapError) as error:
                read(tmp_path / "map")
            assert "map" in str(error.value)

    def test_refuses_a_damaged_file_or_reads_it_but_never_crashes(self, read, tmp_path):
        rng = np.random.default_rng(1)
        for kind in ("PNG", "BMP", "TIFF"):
            buffer = io.BytesIO()
            Image.fromarray(rng.integers(0, 30, (20, 20), np.uint8)).save(buffer, kind)
            for _ in range(60):
                damaged = bytearray(buffer.getvalue())
                for position in rng.integers(0, len(damaged), 3).tolist():
                    damaged[position] = int(rng.integers(256))
                (tmp_path / "map").write_bytes(damaged)
                try:
                    read(tmp_path / "map")
                except MapError as error:
                    assert "map" in str(error)

    def test_refuses_too_many_pixels_before_decoding_one(self, read, tmp_path):
        for side in (8_193, 20_000, 60_000):
            (tmp_path / "bomb.png").write_bytes(png_header(side))
            with pytest.raises(MapError) as error:
                read(tmp_path / "bomb.png")
            assert "67 million pixels" in one_sentence(error, "bomb.png")

    def test_takes_the_largest_scene_that_can_be_made(self, read, tmp_path):
        (tmp_path / "cut.png").write_bytes(png_header(8_192))
        with pytest.raises(MapError) as error:
            read(tmp_path / "cut.png")
        assert "cut short" in one_sentence(error, "cut.png")


def png_header(side: int) -> bytes:
    """A PNG that promises side x side grey pixels and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


def test_maps_are_not_read_from_lossy_files(tmp_path):
    save(tmp_path / "map.jpg", LABELS)
    for read in (read_label_map, read_instance_map):
        with pytest.raises(MapError, match="PNG, BMP or TIFF"):
            read(tmp_path / "map.jpg")


def test_16_bit_instance_ids_stay_unsigned(tmp_path):
    ids = np.array([[0, 7, 26001], [32767, 33001, 65535]], np.uint16)
    for suffix in (".png", ".tiff"):
        instances = read_instance_map(save(tmp_path / f"map{suffix}", ids))
        assert instances.dtype == np.int32
        assert instances.tolist() == ids.tolist()


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_instance_maps_of_8_and_32_bits_are_read(tmp_path, dtype):
    ids = np.array([[0, 7], [26, 255]], dtype)
    if dtype == np.int32:
        ids[0, 0] = 70_000
    assert read_instance_map(save(tmp_path / "map.tiff", ids)).tolist() == ids.tolist()


def test_instance_maps_in_colour_or_with_fractions_or_below_zero_are_refused(tmp_path):
    save(tmp_path / "colour.png", LABELS, "RGB")
    save(tmp_path / "fractions.tiff", LABELS.astype(np.float32))
    save(tmp_path / "negative.tiff", -INSTANCES)
    for name in ("colour.png", "fractions.tiff", "negative.tiff"):
        with pytest.raises(MapError) as error:
            read_instance_map(tmp_path / name)
        assert "16-bit" in one_sentence(error, name)


def test_written_maps_are_read_back_the_same(tmp_path):
    write_label_map(tmp_path / "labels.png", LABELS)
    write_instance_map(tmp_path / "instances.png", INSTANCES)
    np.testing.assert_array_equal(read_label_map(tmp_path / "labels.png", SCHEMA), LABELS)
    np.testing.assert_array_equal(read_instance_map(tmp_path / "instances.png"), INSTANCES)
    with Image.open(tmp_path / "labels.png") as image:
        assert image.mode == "L"
    with Image.open(tmp_path / "instances.png") as image:
        assert image.mode == "I;16"


@pytest.mark.parametrize("wrong", [65_536, -1])
def test_instance_ids_that_do_not_fit_are_refused_before_writing(tmp_path, wrong):
    instances = INSTANCES.copy()
    instances[0, 0] = wrong
    with pytest.raises(MapError) as error:
        write_instance_map(tmp_path / "map.png", instances)
    assert str(wrong) in one_sentence(error, "map.png")
    assert list(tmp_path.iterdir()) == []


def test_pictures_keep_their_pixels_as_png_and_nearly_as_jpeg(tmp_path):
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    pixels = np.stack(np.broadcast_arrays(ramp[None], ramp[:, None], np.uint8(90)), axis=-1)
    write_picture(tmp_path / "a.PNG", pixels)
    write_picture(tmp_path / "a.jpg", pixels)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.PNG"), pixels)
    jpeg = read_picture(tmp_path / "a.jpg")
    assert np.abs(jpeg.astype(int) - pixels).max() < 16
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.format == "JPEG"


@pytest.mark.parametrize("name", ["picture", "picture.gif", "picture.png.exe"])
def test_pictures_of_other_kinds_are_not_written(tmp_path, name):
    with pytest.raises(MapError) as error:
        write_picture(tmp_path / name, np.zeros((2, 2, 3), np.uint8))
    assert ".png" in one_sentence(error, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "LA", "1"])
def test_pictures_of_any_mode_become_rgb(tmp_path, mode):
    path = save(tmp_path / "a.tiff", np.full((3, 4), 255, np.uint8), mode)
    pixels = read_picture(path)
    assert (pixels.shape, pixels.dtype) == ((3, 4, 3), np.uint8)
    assert (pixels == 255).all()


def test_a_16_bit_grey_picture_keeps_its_brightness(tmp_path):
    path = save(tmp_path / "a.png", np.array([[0, 0x80FF, 0xFFFF]], np.uint16))
    assert read_picture(path)[0, :, 0].tolist() == [0, 0x80, 0xFF]


def test_a_picture_with_32_bit_pixels_is_refused(tmp_path):
    path = save(tmp_path / "a.tiff", np.zeros((2, 2), np.float32))
    with pytest.raises(MapError) as error:
        read_picture(path)
    assert "8 bits" in one_sentence(error, "a.tiff")


def test_a_photo_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    save(tmp_path / "a.png", np.array([[10, 20, 30]], np.uint8), exif=exif)
    assert read_picture(tmp_path / "a.png")[:, :, 0].tolist() == [[10], [20], [30]]


@pytest.mark.parametrize(
    ("label", "instance"),
    [
        ("a_gtFine_labelIds.png", "a_gtFine_instanceIds.png"),
        ("train_label/a.png", "train_inst/a.png"),
        ("train_label/a_gtFine_labelIds.png", "train_inst/a_gtFine_instanceIds.png"),
        ("train_label/a_labelIds.png", "train_inst/a_labelIds.png"),
        ("a_label/a_labelIds.png", "a_label/a_instanceIds.png"),
    ],
)
def test_the_instance_map_is_found_by_its_name(tmp_path, label, instance):
    for name in (label, instance):
        (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / label).touch()
    assert find_instance_map(tmp_path / label) is None
    (tmp_path / instance).touch()
    assert find_instance_map(str(tmp_path / label)) == tmp_path / instance


@pytest.mark.parametrize("name", ["a.png", "label/a.png", "a_labels/a.png"])
def test_a_map_without_a_partner_has_none(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert find_instance_map(tmp_path / name) is None


def test_a_scene_without_instance_map_has_one_instance_per_label(tmp_path):
    scene = open_scene(save(tmp_path / "labels.png", LABELS), None, SCHEMA)
    assert scene.schema is SCHEMA
    np.testing.assert_array_equal(scene.label_map, LABELS)
    np.testing.assert_array_equal(scene.instance_map, LABELS)


def test_maps_of_different_sizes_are_refused(tmp_path):
    labels = save(tmp_path / "labels.png", LABELS)
    instances = save(tmp_path / "instances.png", LABELS.T.copy())
    with pytest.raises(MapError) as error:
        open_scene(labels, instances, SCHEMA)
    text = one_sentence(error, "instances.png")
    assert "2x3" in text
    assert "3x2" in text


def test_where_instances_contradict_labels_the_label_map_wins_and_it_is_said(tmp_path, caplog):
    wrong = INSTANCES.copy()
    wrong[0, 2], wrong[1, 0] = 24001, 12
    labels = save(tmp_path / "labels.png", LABELS)
    write_instance_map(tmp_path / "instances.png", wrong)
    with caplog.at_level(logging.WARNING):
        scene = open_scene(labels, tmp_path / "instances.png", SCHEMA)
    assert scene.instance_map.tolist() == [[7, 7, 26], [11, 23, 26001]]
    assert "instances.png: 2 pixels" in caplog.text


def test_maps_that_agree_are_opened_without_a_word(tmp_path, caplog):
    write_label_map(tmp_path / "labels.png", LABELS)
    write_instance_map(tmp_path / "instances.png", INSTANCES)
    scene = open_scene(tmp_path / "labels.png", tmp_path / "instances.png", SCHEMA)
    np.testing.assert_array_equal(scene.instance_map, INSTANCES)
    assert caplog.text == ""


def test_a_failed_write_keeps_the_old_map(tmp_path, monkeypatch):
    write_label_map(tmp_path / "map.png", LABELS)

    def fail_half_way(file, label_map):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(maps, "encode_label_map", fail_half_way)
    with pytest.raises(MapError) as error:
        write_label_map(tmp_path / "map.png", LABELS + 1)
    assert "No space left" in one_sentence(error, "map.png")
    np.testing.assert_array_equal(read_label_map(tmp_path / "map.png"), LABELS)
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]


def test_real_cityscapes_maps_open_and_survive_a_round_trip(cityscapes_folder, tmp_path, caplog):
    label_paths = sorted(cityscapes_folder.glob("*_labelIds.png"))
    assert label_paths
    for label_path in label_paths:
        scene = open_scene(label_path, find_instance_map(label_path), SCHEMA)
        assert scene.instance_map.max() >= 1000
        assert (label_of(scene.instance_map) == scene.label_map).all()
        write_label_map(tmp_path / "labels.png", scene.label_map)
        write_instance_map(tmp_path / "instances.png", scene.instance_map)
        again = open_scene(tmp_path / "labels.png", tmp_path / "instances.png", SCHEMA)
        np.testing.assert_array_equal(again.label_map, scene.label_map)
        np.testing.assert_array_equal(again.instance_map, scene.instance_map)
    assert caplog.text == ""
