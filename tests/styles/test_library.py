"""Libraries of own styles: changes, the file, and files that are none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.styles import library as module
from model.styles.library import (
    LibraryError,
    OwnStyle,
    StyleLibrary,
    library_path,
    load_library,
    save_library,
    tidied,
)

BRICK = OwnStyle("Brick", "building", (0.1, -0.25, 1.0))
PLASTER = OwnStyle("Plaster, grün", "building", (0.5, 0.0, -1e-9))
EMPTY = StyleLibrary("ab12", "streets")


def content(**changes) -> dict:
    style = {"name": "Brick", "label": "building", "vector": [0.1, 0.2, 0.3]}
    whole = {
        "format": "labelbrush-styles",
        "version": 1,
        "checkpoint": {"identity": "ab12", "name": "streets"},
        "styles": [style],
    }
    style.update({key: changes.pop(key) for key in ("name", "label", "vector") if key in changes})
    return whole | changes


def test_a_library_comes_back_as_it_was_saved(tmp_path):
    library = EMPTY.with_style(BRICK).with_style(PLASTER)
    path = library_path(tmp_path, library.identity)
    save_library(path, library)
    assert load_library(path) == library
    save_library(path, EMPTY)
    assert load_library(path) == EMPTY
    assert [each.name for each in tmp_path.iterdir()] == ["ab12.styles.json"]


numbers = st.floats(-1e6, 1e6)
styles = st.builds(
    OwnStyle,
    st.text(min_size=1, max_size=80).map(tidied).filter(bool),
    st.text(max_size=20).map(tidied),
    st.tuples(numbers, numbers),
)


@given(st.lists(styles, max_size=8))
def test_any_styles_survive_merging_saving_and_loading(tmp_path_factory, found):
    library = EMPTY.merged(found)
    names = [each.name.casefold() for each in library.styles]
    assert len(set(names)) == len(names)
    assert {(each.label, each.vector) for each in library.styles} == {
        (each.label, each.vector) for each in found
    }
    path = tmp_path_factory.mktemp("library") / "x.json"
    save_library(path, library)
    assert load_library(path) == library


def test_names_are_unique_whatever_their_case():
    library = EMPTY.with_style(BRICK)
    for name in ("Brick", "BRICK", "  brick "):
        with pytest.raises(LibraryError, match="already; choose another name"):
            library.with_style(OwnStyle(name, "car", (1.0, 2.0, 3.0)))
    with pytest.raises(LibraryError, match="needs a name"):
        library.with_style(OwnStyle(" \n\t", "car", (1.0, 2.0, 3.0)))
    two = library.with_style(PLASTER)
    with pytest.raises(LibraryError, match="already"):
        two.renamed("Brick", "plaster, GRÜN")
    assert two.renamed("Brick", "brick").styles[0].name == "brick"
    assert two.without("Brick").styles == (PLASTER,)


def test_what_is_merged_gets_a_number_and_what_is_there_is_left_out():
    library = EMPTY.with_style(BRICK)
    other = OwnStyle("brick", "building", (9.0, 9.0, 9.0))
    merged = library.merged([BRICK, other, other])
    assert [each.name for each in merged.styles] == ["Brick", "brick 2"]


def test_a_full_library_says_so(monkeypatch):
    monkeypatch.setattr(module, "MAX_STYLES", 1)
    with pytest.raises(LibraryError, match="delete some"):
        EMPTY.with_style(BRICK).with_style(PLASTER)


BAD = {
    "no JSON": b"not json",
    "nothing": b"",
    "other bytes": bytes(range(256)),
    "a list": b"[]",
    "another format": content(format="x"),
    "no styles": content(styles=None),
    "styles of another kind": content(styles=[3]),
    "no checkpoint": content(checkpoint=3),
    "an identity that is no text": content(checkpoint={"identity": 3, "name": "x"}),
    "no name": content(name=" "),
    "a name that is no text": content(name=4),
    "a vector of text": content(vector=["1"]),
    "a vector of truths": content(vector=[True]),
    "an empty vector": content(vector=[]),
    "a vector that is none": content(vector=3),
    "a long vector": content(vector=[0.0] * 300),
    "a huge number": content(vector=[1e300]),
    "two of a name": content(styles=2 * content()["styles"]),
    "different lengths": content(
        styles=[*content()["styles"], {"name": "b", "label": "", "vector": [1]}]
    ),
    "too many": content(styles=content()["styles"] * 2001),
    "not a number": json.dumps(content()).replace("0.1", "NaN").encode(),
    "infinity": json.dumps(content()).replace("0.1", "1e999").encode(),
    "a long number": json.dumps(content()).replace("0.1", "9" * 5000).encode(),
    "deep nesting": b"[" * 100_000,
}


@pytest.mark.parametrize("name", BAD)
def test_other_files_are_refused_in_one_sentence_that_names_them(name, tmp_path):
    path = tmp_path / "found.json"
    bad = BAD[name]
    path.write_bytes(bad if isinstance(bad, bytes) else json.dumps(bad).encode())
    with pytest.raises(LibraryError, match=r"found\.json holds no styles") as met:
        load_library(path)
    assert len(str(met.value)) < 300 + len(str(path))


def test_a_newer_version_and_a_missing_file_are_told_apart(tmp_path):
    path = tmp_path / "new.json"
    path.write_text(json.dumps(content(version=2)))
    with pytest.raises(LibraryError, match="update Labelbrush"):
        load_library(path)
    with pytest.raises(LibraryError, match="does not exist"):
        load_library(tmp_path / "none.json")
    path.write_bytes(b" " * (module.MAX_BYTES + 1))
    with pytest.raises(LibraryError, match="larger than 4 MiB"):
        load_library(path)


def test_a_failing_write_leaves_the_library_as_it_was(tmp_path):
    path = tmp_path / "x.json"
    save_library(path, EMPTY.with_style(BRICK))
    path.chmod(0o400)
    folder = tmp_path / "gone"
    with pytest.raises(LibraryError, match="could not be written"):
        save_library(folder / "x.json", EMPTY)
    assert load_library(path).styles == (BRICK,)
