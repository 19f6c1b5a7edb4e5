"""StyleBook: drawing, its file, and what it refuses. Runs without torch."""

from __future__ import annotations

import collections
import zipfile

import numpy as np
import pytest

from model.errors import CheckpointError
from model.styles.book import StyleBook, book_bytes, load_book


def make_book():
    rng = np.random.default_rng(3)
    sizes = {7: np.array([60, 30, 10]), 26: np.array([5]), 11: np.array([4, 4])}
    return StyleBook({k: rng.normal(size=(len(s), 3)) for k, s in sizes.items()}, sizes)


def test_labels_and_their_clusters_are_counted():
    book = make_book()
    assert list(book.centers) == [7, 11, 26] and book.feature_channels == 3
    assert [book.count(label) for label in (7, 11, 26, 23)] == [3, 2, 1, 0]
    assert StyleBook({}, {}).feature_channels == 0


def test_a_style_is_the_cluster_it_names():
    book = make_book()
    style = book.style(7, 2)
    assert style.cluster == 2 and style.vector == tuple(book.centers[7][2].tolist())
    for label, cluster in ((7, 3), (7, -1)):
        with pytest.raises(IndexError):
            book.style(label, cluster)
    with pytest.raises(KeyError):
        book.style(23, 0)


# Any change would repaint every project that relies on its seed.
DRAWN_IN_THE_FIRST_VERSION = [1, 0, 1, 1, 2, 1, 0, 0, 2, 0, 0, 1, 2, 0, 0, 1, 1, 0, 0, 1]


def test_drawing_is_the_same_for_ever():
    book = make_book()
    drawn = [book.draw(7, instance, 0).cluster for instance in range(7000, 7020)]
    assert drawn == DRAWN_IN_THE_FIRST_VERSION
    assert book.draw(23, 23001, 0) is None
    assert book.draw(26, 26001, 5) == book.style(26, 0)


def test_drawing_follows_the_sizes_and_depends_on_seed_and_instance():
    book = make_book()
    by_instance = collections.Counter(book.draw(7, n, 1).cluster for n in range(4000))
    by_seed = collections.Counter(book.draw(7, 7001, n).cluster for n in range(4000))
    for drawn in (by_instance, by_seed):
        assert [drawn[k] / 4000 for k in range(3)] == pytest.approx([0.6, 0.3, 0.1], abs=0.025)


def test_clusters_of_equal_size_are_drawn_evenly():
    book = StyleBook({7: np.zeros((4, 3))}, {7: np.ones(4)})
    drawn = collections.Counter(book.draw(7, n, 0).cluster for n in range(4000))
    assert [drawn[k] / 4000 for k in range(4)] == pytest.approx([0.25] * 4, abs=0.025)


def test_drawing_leaves_numpys_random_state_alone():
    np.random.seed(1)
    expected = np.random.RandomState(1).random()
    make_book().draw(7, 7001, 0)
    assert np.random.random() == expected


def test_arrays_are_copied_and_read_only():
    centers = np.zeros((1, 3), np.float32)
    book = StyleBook({7: centers}, {7: np.ones(1, np.int64)})
    centers[:] = 5
    assert (book.centers[7] == 0).all()
    with pytest.raises(ValueError):
        book.centers[7][0, 0] = 1
    with pytest.raises(TypeError):
        book.centers[8] = centers


@pytest.mark.parametrize(
    ("centers", "sizes"),
    [
        ({7: np.zeros((2, 3))}, {}),
        ({7: np.zeros((2, 3))}, {7: np.ones(3)}),
        ({7: np.zeros(3)}, {7: np.ones(3)}),
        ({7: np.zeros((0, 3))}, {7: np.ones(0)}),
        ({7: np.zeros((2, 3))}, {7: np.array([1, 2])}),
        ({7: np.zeros((2, 3))}, {7: np.array([1, 0])}),
        ({7: np.full((1, 3), np.nan)}, {7: np.ones(1)}),
        ({7: np.zeros((1, 3)), 8: np.zeros((1, 2))}, {7: np.ones(1), 8: np.ones(1)}),
    ],
)
def test_books_that_make_no_sense_are_refused(centers, sizes):
    with pytest.raises(ValueError):
        StyleBook(centers, sizes)


def test_a_book_comes_back_from_its_file(tmp_path):
    book = make_book()
    (tmp_path / "styles.npz").write_bytes(book_bytes(book))
    back = load_book(tmp_path / "styles.npz")
    assert list(back.centers) == list(book.centers)
    for label in book.centers:
        assert np.array_equal(back.centers[label], book.centers[label])
        assert np.array_equal(back.sizes[label], book.sizes[label])
    assert [entry.name for entry in tmp_path.iterdir()] == ["styles.npz"]
    with np.load(tmp_path / "styles.npz", allow_pickle=False) as arrays:
        assert arrays["centers_7"].dtype == np.float32 and arrays["version"] == 2


def test_crops_come_back_and_files_of_the_first_version_have_none(tmp_path):
    crops = np.random.default_rng(1).integers(0, 256, (1, 8, 6, 3), np.uint8)
    book = StyleBook({7: np.ones((1, 3))}, {7: np.ones(1)}, {7: crops})
    (tmp_path / "styles.npz").write_bytes(book_bytes(book))
    back = load_book(tmp_path / "styles.npz")
    assert np.array_equal(back.crops[7], crops) and not back.crops[7].flags.writeable
    np.savez(
        tmp_path / "old.npz", version=np.array(1), centers_7=np.ones((1, 3)), sizes_7=np.ones(1)
    )
    assert load_book(tmp_path / "old.npz").crops == {}


@pytest.mark.parametrize(
    "crops",
    [
        {8: np.zeros((1, 4, 4, 3), np.uint8)},
        {7: np.zeros((2, 4, 4, 3), np.uint8)},
        {7: np.zeros((1, 4, 4), np.uint8)},
        {7: np.zeros((1, 4, 4, 4), np.uint8)},
        {7: np.zeros((1, 4, 97, 3), np.uint8)},
        {7: np.zeros((1, 0, 4, 3), np.uint8)},
        {7: np.zeros((1, 4, 4, 3), np.int64)},
    ],
)
def test_crops_that_do_not_fit_the_clusters_are_refused(crops):
    with pytest.raises(ValueError, match="crops"):
        StyleBook({7: np.ones((1, 3))}, {7: np.ones(1)}, crops)


def test_a_newer_file_is_refused_with_its_version(tmp_path):
    np.savez(tmp_path / "styles.npz", version=np.array(3))
    with pytest.raises(CheckpointError, match="style book version 3, this one reads up to 2"):
        load_book(tmp_path / "styles.npz")


def test_files_of_anything_else_are_refused(tmp_path):
    file = tmp_path / "styles.npz"
    arrays = [
        {"version": np.array([1, 2])},
        {"other": np.ones(3)},
        {"centers_7": np.ones((1, 3))},
        {"centers_7": np.ones((1, 3)), "sizes_7": np.ones(1), "crop": np.ones(1)},
        {
            "centers_7": np.ones((1, 3)),
            "sizes_7": np.ones(1),
            "crops_7": np.ones((1, 97, 2, 3), "u1"),
        },
        {"centers_x": np.ones((1, 3)), "sizes_x": np.ones(1)},
        {"centers_7": np.ones((1, 3)), "sizes_8": np.ones(1)},
        {"centers_7": np.array([[{}]], object), "sizes_7": np.ones(1)},
    ]
    for content in arrays:
        np.savez(file, **{"version": np.array(2), **content})
        with pytest.raises(CheckpointError, match="no style book"):
            load_book(file)
    for content in (b"", b"PK\x03\x04 nothing"):
        file.write_bytes(content)
        with pytest.raises(CheckpointError, match="no style book"):
            load_book(file)
    with pytest.raises(CheckpointError, match="does not exist"):
        load_book(tmp_path / "missing.npz")


def test_every_truncation_is_refused(tmp_path):
    (tmp_path / "whole.npz").write_bytes(book_bytes(make_book()))
    whole = (tmp_path / "whole.npz").read_bytes()
    for length in range(0, len(whole), 37):
        (tmp_path / "cut.npz").write_bytes(whole[:length])
        with pytest.raises(CheckpointError):
            load_book(tmp_path / "cut.npz")


def test_an_array_that_would_fill_the_memory_is_refused_unread(tmp_path):
    file = tmp_path / "styles.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("centers_7.npy", bytes(2**25))
    with pytest.raises(CheckpointError, match="too large"):
        load_book(file)
