"""Whatever a person does can be undone, replayed from the journal, and saved and loaded."""

from __future__ import annotations

import shutil

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.scene.document import Document
from model.scene.extras import MAX_NAME, Extras, Pin
from model.scene.geometry import EMPTY, Rect
from model.scene.instances import find_hidden, find_instances
from model.scene.journal import Journal
from model.scene.journal_records import Facts, decode_facts, encode_facts
from model.scene.labels import Label, LabelSchema, schema_entries, schema_from
from model.scene.layers import NOTHING
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.recovery import read_journal
from model.scene.scene import MAX_INSTANCES
from model.styles.book import StyleBook, book_bytes, load_book
from tests.safety.stories import ACTIONS, act, digest, start_scene

names = st.text(max_size=MAX_NAME).filter(str.isprintable)
stories = st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 2**32)), max_size=16)
extras = st.builds(
    Extras,
    st.dictionaries(st.integers(0, MAX_INSTANCES - 1), names, max_size=5),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
)
checkpoints = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
seeds = st.integers(0, 2**63 - 1)


def small() -> Document:
    return Document(start_scene(40, 28))


def tell(document: Document, story) -> None:
    for action, seed in story:
        act(action, document, np.random.default_rng(seed))


@given(stories)
def test_undoing_everything_restores_the_bytes_and_redoing_brings_them_back(story):
    document = small()
    first = digest(document)
    tell(document, story)
    while document.can_redo:
        document.redo()
    last = digest(document)
    while document.can_undo:
        document.undo()
    assert digest(document) == first
    while document.can_redo:
        document.redo()
    assert digest(document) == last


@given(stories)
def test_what_is_listed_is_what_the_map_shows_at_any_moment(story):
    document = small()

    def look(_: object = None) -> None:
        seen, hidden = document.instance_map, document.layers
        assert document.instances() == find_instances(seen)
        assert document.hidden_instances() == find_hidden(hidden)
        for each in (7, *np.unique(seen).tolist(), *np.unique(hidden.planes).tolist()):
            own = Rect.around(seen == each)
            beneath = Rect.around((hidden.planes == each).any(axis=0))
            both = own.union(beneath.moved(hidden.rect.x0, hidden.rect.y0))
            assert document.rect_of(each) == (EMPTY if each == NOTHING else both)
            info = document.seen_instance(each)
            assert (EMPTY if info is None else info.rect) == own

    document.listeners.append(look)  # in the middle of edits as well
    for step in story:
        look()
        tell(document, [step])
        look()
    while document.can_undo:
        document.undo()
        look()


@settings(max_examples=50)
@given(story=stories, max_steps=st.integers(1, 9), kept=extras)
def test_replaying_the_journal_equals_the_document(tmp_path_factory, story, max_steps, kept):
    root, document = tmp_path_factory.mktemp("journals"), small()
    journal = Journal(root, document, Facts("street"), max_steps=max_steps)
    half = len(story) // 2
    tell(document, story[:half])
    pins = (Pin("half", document.snapshot(), np.zeros((1, 2, 3), np.uint8)),)
    journal.change(extras=kept)
    journal.change_pins(pins)
    tell(document, story[half:])
    journal.close(delete=False)
    assert journal.failed is None
    recovered = read_journal(journal.folder)
    assert digest(recovered.document) == digest(document)
    assert recovered.facts.extras == kept
    assert digest(Document(recovered.pins[0].scene)) == digest(Document(pins[0].scene))
    shutil.rmtree(root)


@settings(max_examples=50)
@given(story=stories, kept=extras, checkpoint=checkpoints, seed=seeds)
def test_a_saved_project_is_the_one_that_is_loaded(tmp_path_factory, story, kept, checkpoint, seed):
    path, document = tmp_path_factory.mktemp("projects") / "a.labelbrush", small()
    before = document.snapshot()
    tell(document, story)
    after = document.snapshot()
    pins = (Pin("before", before, np.full((2, 3, 3), 7, np.uint8)),)
    save_project(path, ProjectFile(after, checkpoint, seed, before, kept, pins))
    loaded = load_project(path)
    assert loaded.previous is not None
    pairs = (loaded.scene, after), (loaded.previous, before), (loaded.pins[0].scene, before)
    for one, other in pairs:
        assert digest(Document(one)) == digest(Document(other)) and one.schema == other.schema
    assert (loaded.checkpoint, loaded.style_seed, loaded.extras) == (checkpoint, seed, kept)
    shutil.rmtree(path.parent)


@given(kept=extras, title=names, checkpoint=checkpoints, seed=seeds, unsaved=seeds)
def test_facts_survive_being_bytes(tmp_path_factory, kept, title, checkpoint, seed, unsaved):
    facts = Facts(title, None, checkpoint, seed, unsaved, kept)
    assert decode_facts(encode_facts(facts), tmp_path_factory.getbasetemp()) == facts


color = st.tuples(*[st.integers(0, 255)] * 3)
labels = st.builds(Label, st.integers(0, 255), names, color, st.booleans(), st.integers(0, 255))


@given(
    names, st.lists(labels, min_size=1, max_size=9, unique_by=(lambda x: x.id, lambda x: x.name))
)
def test_a_schema_survives_being_plain_values(name, found):
    schema = LabelSchema(name, tuple(found))
    assert schema_from(schema_entries(schema), "a") == schema


@given(st.dictionaries(st.integers(0, 255), st.integers(1, 4), max_size=5), st.integers(1, 6))
def test_a_saved_style_book_is_the_one_that_is_loaded(tmp_path_factory, counts, features):
    path = tmp_path_factory.mktemp("books") / "styles.npz"
    rng = np.random.default_rng(features)
    centers = {label: rng.normal(size=(count, features)) for label, count in counts.items()}
    sizes = {label: np.arange(count, 0, -1) for label, count in counts.items()}
    book = StyleBook(centers, sizes)
    path.write_bytes(book_bytes(book))
    loaded = load_book(path)
    for part in ("centers", "sizes"):
        one, other = getattr(book, part), getattr(loaded, part)
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[label], other[label]) for label in one)
