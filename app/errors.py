"""What happens with errors: one Notice for the banner, everything else for the log file."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_dir

from app.translation import tr

log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
LOG_FILES = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the banner.

    Attributes:
        text: what happened and what to do.
        details: for "Copy details"; empty when the sentence says it all.
        actions: what else is offered, by what its button says.
        serious: an error rather than something to know.
        lasting: a later notice only covers it; it comes back until it is answered.
    """

    text: str
    details: str = ""
    actions: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    serious: bool = True
    lasting: bool = False


def notice_of(error: BaseException) -> Notice:
    """A Notice of an error nobody expected, with its traceback as details."""
    details = "".join(traceback.format_exception(error))
    return Notice(
        tr("Something went wrong: {error}.", error=error or type(error).__name__), details
    )


def log_folder() -> Path:
    return Path(user_log_dir("labelbrush", appauthor=False))


def start_log(debug: bool) -> None:
    """Log to a rotating file, and to stderr as well when debugging."""
    handlers: list[logging.Handler] = []
    if debug:
        handlers.append(logging.StreamHandler())
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        path = log_folder() / "labelbrush.log"
        handlers.append(RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES))
    except OSError as error:  # a read-only home is no reason not to paint
        print(f"no log file: {error}", file=sys.stderr)
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=handlers,
        force=True,
    )


def catch_unexpected(show: Callable[[Notice], None]) -> None:
    """Send exceptions that no code handled to the log and to show(), and carry on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("unexpected", exc_info=(kind, error, trace))
        show(notice_of(error))

    sys.excepthook = hook
