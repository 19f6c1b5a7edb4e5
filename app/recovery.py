"""Recording every edit in a journal, and offering what a crash left behind."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject

from app.checkpoints import Checkpoints, portable_name
from app.dialogs.files import ask_delete
from app.errors import Notice
from app.problems import problem
from app.rendering.worker import OpenedEngine
from app.saving import Saving
from app.services import Services
from app.translation import number, tr
from model.errors import JournalError
from model.scene.journal import Journal
from model.scene.journal_records import Facts
from model.scene.recovery import Abandoned, Recovered, find_abandoned

JOURNALS = "journals"


class Recovery(QObject):
    """Keeps one journal, that of the open document, in a folder of the user's data."""

    def __init__(
        self,
        services: Services,
        saving: Saving,
        checkpoints: Checkpoints,
    ) -> None:
        super().__init__(services.window)
        self._session = services.session
        self._window = services.window
        self._root = services.settings.data_folder / JOURNALS
        self._saving = saving
        self._checkpoints = checkpoints
        self._told = False  # that nothing can be recorded
        self._being_saved = 0  # of the unsaved steps
        self.journal: Journal | None = None
        self._offered: list[Abandoned] = []

    def start(self) -> None:
        """Begin to record, and offer what is there from earlier."""
        self._restart()
        self._session.document_replaced.connect(self._restart)
        self._session.history_changed.connect(self._report)
        self._session.kept_changed.connect(self._keep)
        self._saving.begun.connect(self._on_saving)
        self._saving.saved.connect(self._on_saved)
        self._checkpoints.opened.connect(self._on_checkpoint)
        self.offer()

    def offer(self) -> None:
        """Show what a crash has left, the newest first."""
        for abandoned in find_abandoned(self._root):
            self._offer(abandoned)

    def close(self) -> None:
        """The document was saved or given up: nothing of it is left to recover."""
        for abandoned in self._offered:
            abandoned.release()
        self._offered.clear()
        if self.journal is not None:
            self.journal.close(delete=True)
            self.journal = None

    def _restart(self) -> None:
        """Record the document that is open now; the one before was saved or given up."""
        if self.journal is not None:
            self.journal.close(delete=True)
            self.journal = None
        session = self._session
        facts = Facts(
            session.title,
            None if session.path is None else str(session.path.resolve()),
            portable_name(self._checkpoints.in_use()),
            session.style_seed,
            unsaved=1 if session.modified else 0,
            extras=session.extras,
        )
        try:
            self.journal = Journal(
                self._root, session.document, facts, self._saving.previous, session.pins
            )
        except JournalError as error:
            self._tell(error)

    def _offer(self, abandoned: Abandoned) -> None:
        when = QLocale().toString(
            QDateTime.fromSecsSinceEpoch(int(abandoned.when)), tr("d MMMM, HH:mm")
        )
        count = abandoned.facts.unsaved
        title = abandoned.facts.title or tr("an untitled picture")
        text = tr("One edit that was not saved can be recovered: {title}, {when}.")
        if count > 1:
            text = tr("{count} edits that were not saved can be recovered: {title}, {when}.")
        notice = Notice(
            text.format(count=number(count), title=title, when=when),
            actions={
                tr("Recover"): lambda: self._recover(abandoned),
                tr("Ignore"): lambda: self._ignore(abandoned),
                tr("Delete…"): lambda: self._delete(abandoned),
            },
            serious=False,
            lasting=True,
        )
        self._offered.append(abandoned)
        self._session.noticed.emit(notice)

    def _recover(self, abandoned: Abandoned) -> None:
        """Open it as unsaved work; what it was recorded in goes once it is recorded anew."""
        try:
            recovered = abandoned.recover()
        except JournalError as error:
            self._forget(abandoned)
            abandoned.release()
            self._session.noticed.emit(Notice(problem(error)))
            return
        self._saving.before_leaving(
            lambda: self._replace(abandoned, recovered), lambda: self._offer_again(abandoned)
        )

    def _replace(self, abandoned: Abandoned, recovered: Recovered) -> None:
        """Show it. Where its file holds later work it is no longer that file's."""
        facts, newer = recovered.facts, _newer_file(recovered.facts.path, abandoned.when)
        if newer is not None:
            recovered = replace(recovered, facts=replace(facts, path=None))
        self._adopt(recovered)
        self._forget(abandoned)
        if newer is not None:
            text = tr(
                "{file} was saved again after these edits were made: "
                "saving what was recovered asks for a name.",
                file=newer.name,
            )
            self._session.noticed.emit(Notice(text, serious=False))
        if self.journal is None:
            abandoned.release()
            return
        try:
            self.journal.wait()
        except JournalError as error:
            abandoned.release()
            self._tell(error)
        else:
            abandoned.delete()

    def _adopt(self, recovered: Recovered) -> None:
        facts, session = recovered.facts, self._session
        path = None if facts.path is None else Path(facts.path)
        reseeded = facts.style_seed != session.style_seed
        session.style_seed = facts.style_seed
        self._saving.previous = recovered.previous
        kept = path, facts.title, facts.extras, recovered.pins
        session.replace_kept(recovered.document, *kept, saved=False)
        self._checkpoints.open_for_project(facts.checkpoint, facts.title, reseeded)

    def _ignore(self, abandoned: Abandoned) -> None:
        self._forget(abandoned)
        abandoned.release()

    def _delete(self, abandoned: Abandoned) -> None:
        if ask_delete(self._window, abandoned.facts.title, abandoned.facts.unsaved):
            self._forget(abandoned)
            abandoned.delete()
        else:
            self._offer_again(abandoned)

    def _offer_again(self, abandoned: Abandoned) -> None:
        self._forget(abandoned)
        self._offer(abandoned)

    def _forget(self, abandoned: Abandoned) -> None:
        self._offered = [entry for entry in self._offered if entry is not abandoned]

    def _on_saving(self) -> None:
        self._being_saved = 0 if self.journal is None else self.journal.facts.unsaved

    def _on_saved(self, path: Path) -> None:
        if self.journal is not None:
            since = self.journal.facts.unsaved - self._being_saved
            self.journal.saved(path, max(since, int(self._session.modified)))

    def _on_checkpoint(self, opened: OpenedEngine) -> None:
        if self.journal is not None:
            self.journal.change(
                checkpoint=portable_name(opened.source.path), style_seed=self._session.style_seed
            )

    def _keep(self) -> None:
        """Names and the like belong to the picture, too."""
        if self.journal is not None:
            session, journal = self._session, self.journal
            unsaved = max(journal.facts.unsaved, int(session.modified))
            journal.change(extras=session.extras, unsaved=unsaved)
            if session.pins is not journal.pins:
                journal.change_pins(session.pins)
            self._report()

    def _report(self) -> None:
        failed = None if self.journal is None else self.journal.failed
        if failed is None:
            self._told = False
        else:
            self._tell(failed)

    def _tell(self, error: JournalError) -> None:
        if not self._told:
            self._told = True
            self._session.noticed.emit(Notice(problem(error)))


def _newer_file(path: str | None, when: float) -> Path | None:
    """The project file, if it was written after a time in seconds since the epoch."""
    with suppress(OSError):
        if path is not None and os.stat(path).st_mtime > when:
            return Path(path)
    return None
