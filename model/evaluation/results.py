"""The results page: tables of the figures in a folder of JSON files, and the paper's, apart.

The page says nothing that the files do not: comparisons (`ablations`), single checkpoints
(`evaluate CHECKPOINT`), judges (the description in a folder of `fit-judge`), studies (`evaluate
study`). NAME.md beside NAME.json is a comment on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.evaluation.comparison import (
    ENOUGH,
    KIND,
    NOTHING,
    RARE,
    differences,
    score_table,
    spread,
    table,
)
from model.evaluation.report import ROWS
from model.scene.reading import parse_json, read_bytes

MAX_JSON_BYTES = 64 * 2**20
MAX_TEXT_BYTES = 2**20
PAPER = (  # paper, table 1: a PSPNet on Cityscapes' validation frames
    ("pix2pix", 0.3948),
    ("CRN", 0.4058),
    ("pix2pixHD", 0.6389),
    ("real photographs", 0.6857),
)
HEAD = """# Results

Made by `main.py evaluate results` from the files in `{folder}`; do not edit it here. `±` is the
standard deviation over seeds. Figures of different tables cannot be compared: data, judge and
budget are others.
"""
Content = Mapping[str, Any]


def page(folder: Path) -> str:
    """The whole page as Markdown. Raises InputError for a file that holds no figures."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise InputError(f"{folder} holds no JSON files; put those of `evaluate` there.")
    parts = [HEAD.format(folder=f"{folder.parent.name}/{folder.name}")]
    for path in files:
        parts.append(section(path))
    return "\n".join([*parts, paper()])


def section(path: Path) -> str:
    """What one file has to say, with the comment beside it."""
    try:
        content = parse_json(read_bytes(path, InputError, MAX_JSON_BYTES))
        lines = list(_KINDS[_kind(content)](content))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(f"{path} holds no figures of `evaluate` ({error!r}).") from error
    title = path.stem.replace("_", " ").capitalize()
    comment = path.with_suffix(".md")
    if comment.is_file():
        lines += ["", read_bytes(comment, InputError, MAX_TEXT_BYTES).decode("utf-8").strip()]
    return "\n".join([f"## {title}", "", *lines, ""])


def paper() -> str:
    """The paper's own figures: another data set, another judge, another budget."""
    real = dict(PAPER)["real photographs"]
    lines = [
        "## The paper's figures",
        "",
        "Wang et al. 2018, section 4.1: on Cityscapes, judged by a PSPNet. Data, judge and budget",
        "are others than ours, so that only the order and the ratios can be set beside our tables.",
        "",
        "| | mIoU | over that of photographs |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {value:.4f} | {value / real:.3f} |" for name, value in PAPER]
    return "\n".join(lines) + "\n"


def _kind(content: Content) -> str:
    for part, kind in {"kind": content.get("kind"), "pictures": "report", "facts": "judge"}.items():
        if part in content:
            return str(kind)
    return "none"


def _comparison(content: Content) -> Iterator[str]:
    budget, data = content["budget"], content["data"]
    long = f"{budget['minutes']:g} minutes" if budget["minutes"] else f"{budget['steps']} steps"
    yield (
        f"Every configuration of the list `{content['list']}` was trained for {long} on "
        f"`{data['trained_on']}` ({content['device']}), with {budget['seeds']} seeds, and judged "
        f"on {data['frames']} held-out frames ({data['phase']})."
    )
    missing = [
        f"{row['name']} ({budget['seeds'] - len(row['seeds'])})"
        for row in content["rows"]
        if len(row["seeds"]) < budget["seeds"]
    ]
    if missing:
        yield f"**Runs that are missing:** {', '.join(missing)}."
    yield from ("", *_judge(content["true"]), "", table(content), "", differences(content))
    yield from ("", *_settings(content))


def _judge(true: Content) -> Iterator[str]:
    score, common = true["mean_iou"], true.get("common_iou")
    rest = (
        "" if common is None else f" ({common:.3f} without labels under {RARE:.1%} of the pixels)"
    )
    word = "**too little to prove much**"
    if max(score, common or 0.0) >= ENOUGH:
        word = "enough" if score >= ENOUGH else "enough only without those rare labels"
    yield (
        f"The judge itself has an mIoU of {score:.3f}{rest} on the true pictures, {word} by the "
        f"measure of {ENOUGH}."
    )


def _settings(content: Content) -> Iterator[str]:
    yield "| configuration | preset | settings that only it has |"
    yield "|---|---|---|"
    common = set.intersection(*(set(row["settings"]) for row in content["rows"]))
    for row in content["rows"]:
        own = [f"`{word}`" for word in row["settings"] if word not in common]
        yield f"| {row['name']} | {row['preset']} | {', '.join(own) or NOTHING} |"
    yield from ("", f"All: {', '.join(f'`{word}`' for word in sorted(common)) or NOTHING}.")


def _report(content: Content) -> Iterator[str]:
    facts = content["data"]
    yield (
        f"`{content['checkpoint']['name']}`, {content['checkpoint']['steps']} steps, on "
        f"{facts['frames']} frames of `{facts['name']}` ({facts['phase']})."
    )
    yield from ("", *_judge(content["pictures"]["true"]), "")
    sources = [source for source in content["pictures"] if source != "true"]
    yield f"| | true pictures | {' | '.join(f'{source} | ratio' for source in sources)} |"
    yield "|---" * (2 + 2 * len(sources)) + "|"
    for name, (title, digits) in ROWS.items():
        cells = [spread([content["pictures"]["true"].get(name)], digits)]
        for source in sources:
            cells.append(spread([content["pictures"][source].get(name)], digits))
            cells.append(spread([content["ratios"][source].get(name)], 3))
        if any(cell != NOTHING for cell in cells):
            yield f"| {title} | {' | '.join(cells)} |"
    yield from ("", *_report_labels(content["labels"], ["true", *sources]))


def _report_labels(labels: Sequence[Content], sources: Sequence[str]) -> Iterator[str]:
    yield f"| label | share, % | {' | '.join(f'IoU, {source}' for source in sources)} |"
    yield "|---" * (2 + len(sources)) + "|"
    for label in labels:
        if label["share"]:
            ious = [spread([label["iou"].get(source)], 3) for source in sources]
            rare = " (rare)" if label["rare"] else ""
            yield (f"| {label['name']}{rare} | {100 * label['share']:.3f} | {' | '.join(ious)} |")


def _fitted(content: Content) -> Iterator[str]:
    made, facts = content["judge"], content["facts"]
    yield (
        f"`{made['network']}` with the encoder `{made['encoder']}`, which sees pictures at a "
        f"height of {made['height']}; trained on {facts['frames']} frames, {facts['steps']} steps, "
        f"{facts['minutes']:g} minutes ({facts['device']}, {facts['precision']})."
    )
    for held in facts["held_out"]:
        yield from ("", score_table(held))


def _study(content: Content) -> Iterator[str]:
    yield f"How often people preferred `{content['a']}` to `{content['b']}`, with 95 % intervals."
    yield from ("", "| | preferred | 95 % interval | answers |", "|---|---|---|---|")
    groups = {"all": content["all"], **content["raters"]}
    groups |= {f"{seconds} s": each for seconds, each in content["seconds"].items()}
    for name, each in groups.items():
        interval = f"{each['low']:.1%} to {each['high']:.1%}"
        yield f"| {name} | {each['share']:.1%} | {interval} | {each['answers']} |"


_KINDS: dict[str, Callable[[Content], Iterator[str]]] = {
    KIND: _comparison,
    "report": _report,
    "judge": _fitted,
    "study": _study,
}
