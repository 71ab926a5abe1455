"""The Hugging Face token: whether there is one and where from. The token itself is never shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from lab_app.gui.background import Newest, background
from lab_app.gui.context import Context, Notice
from lab_app.gui.copying import fixed
from lab_app.gui.widgets.basic import button, card, label, row, set_role
from lab_app.gui.words import command
from lab_app.system import said, secrets
from lab_app.system.errors import LabError, ResourceError
from lab_app.system.secrets import Source


class TokenCard(QWidget):
    """The keyring may ask its user or hang on a bus, so it is only spoken to in the background."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._looking = Newest()
        self.status = label(self.tr("Looking for a token…"), "muted", wrap=True)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText("hf_…")
        self.field.setAccessibleName(self.tr("New access token"))
        self.save = button(self.tr("Keep token"), self.keep)
        self.save.setEnabled(False)
        self.drop = button(self.tr("Forget token"), self.forget, icon="x")
        self.drop.setEnabled(False)
        root = context.lab.folders.root
        for part, words in ((self.save, ("token", "save")), (self.drop, ("token", "forget"))):
            context.actions.describe(part, command=fixed(partial(command, *words, "--data-dir", root)))
        lead = label(
            self.tr("Needed only for models behind a login. It is kept in the system's keyring and never shown again."),
            "muted", wrap=True,
        )  # fmt: skip
        frame = card(
            label(self.tr("Hugging Face access token"), "heading"), lead, self.status,
            self.field, row(self.save, self.drop, None),
        )  # fmt: skip
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self.keep)
        self._changed = context.settings.token_changed
        self._changed.connect(self._kept)
        self.refresh()

    def refresh(self) -> None:
        def source() -> Source | None:
            found = secrets.find()
            return found[1] if found else None

        self._looking.ask(background(source, self._show, owner=self))

    def _show(self, source: Source | None) -> None:
        where = {
            Source.KEYRING: self.tr("A token is kept in the keyring."),
            Source.ENVIRONMENT: self.tr("The token of the environment variable HF_TOKEN is used."),
            Source.SESSION: self.tr("A token is used until the program ends."),
            Source.FILE: self.tr("A token is kept in a plain file that only you can read."),
        }
        self.status.setText(where.get(source, "") if source else self.tr("No token."))
        set_role(self.status, "role", "good" if source else "muted")
        self.drop.setEnabled(source is not None and source is not Source.ENVIRONMENT)

    def keep(self) -> None:
        text = self.field.text().strip()
        self.field.clear()
        if text:
            changed = self._changed
            background(
                lambda: secrets.save(text), lambda _: changed.emit(),
                lambda error: self._not_kept(error, text) if isValid(self) else None,
            )  # fmt: skip

    def _kept(self) -> None:
        self._context.withdraw("token")
        self.refresh()

    def _not_kept(self, error: LabError, text: str) -> None:
        """Without a keyring the user says where it may be kept instead."""
        answers = {}
        if isinstance(error, ResourceError):
            answers = {
                self.tr("Use until the program ends"): lambda: self._then(
                    lambda: secrets.use_for_session(text)
                ),
                self.tr("Keep in a plain file"): lambda: self._then(
                    lambda: secrets.save(text, plaintext=True)
                ),
            }
        self._context.notify(
            Notice("token", said.local(error.message), said.local(error.hint or ""), "warn", answers)
        )

    def _then(self, step: Callable[[], object]) -> None:
        """An answer to the notice, which may have outlasted this card."""
        changed = self._changed
        background(step, lambda _: changed.emit())

    def forget(self) -> None:
        self._then(secrets.forget)
