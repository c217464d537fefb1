"""The quiz in a notebook. The widget has a module of its own, because importing anywidget takes a while."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import anywidget
import traitlets

from . import quiz

MIME = "application/vnd.gdcourse.quiz+json"  # the built page finds the quiz by this type, see website.content.quiz


class QuizWidget(anywidget.AnyWidget):
    """The questions of one chapter. The text form (repr) shows the questions and their options."""

    _esm = Path(__file__).with_name("quiz.js")
    _css = Path(__file__).with_name("quiz.css")
    markup = traitlets.Unicode().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)  # question key -> "right" or "wrong"

    def __init__(
        self,
        chapter: str,
        questions: Sequence[quiz.Question],
        answered: Collection[str] = (),
        record: Callable[[str, bool, str | None], object] = lambda key, ok, option: None,
    ):
        """answered: keys of questions already answered correctly. record(key, ok, option) is called at each answer."""
        super().__init__(
            markup=quiz.html(chapter, questions), answers={q.key: "right" for q in questions if q.key in answered}
        )
        self.chapter, self.questions, self._record = chapter, questions, record
        self.on_msg(self._answered)

    def __repr__(self):
        return quiz.listing(self.chapter, self.questions)

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), MIME: {"chapter": self.chapter}}, metadata

    def _answered(self, _, message, __):
        key, verdict = message["key"], message["verdict"]
        self._record(key, verdict == "right", message.get("option"))
        if self.answers.get(key) != "right":
            self.answers = self.answers | {key: verdict}
