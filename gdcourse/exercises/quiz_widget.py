"""The quiz in a notebook. Apart from `quiz.py` because anywidget takes a while to import."""

from pathlib import Path

import anywidget
import traitlets

from . import progress, quiz

MIME = "application/vnd.gdcourse.quiz+json"  # what the built page looks for, see gdcourse.book.quiz


class QuizWidget(anywidget.AnyWidget):
    """The questions of one chapter. As text, the questions and their options."""

    _esm = Path(__file__).with_name("quiz.js")
    _css = Path(__file__).with_name("quiz.css")
    markup = traitlets.Unicode().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)  # question key -> "right" or "wrong"

    def __init__(self, chapter, questions):
        earlier = {
            e["id"].removeprefix(f"{chapter}/"): "right"
            for e in progress.events()
            if e["kind"] == "quiz" and e.get("ok")
        }
        super().__init__(
            markup=quiz.html(chapter, questions), answers={q.key: "right" for q in questions if q.key in earlier}
        )
        self.chapter, self.questions = chapter, questions
        self.on_msg(self._answered)

    def __repr__(self):
        return quiz.listing(self.chapter, self.questions)

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), MIME: {"chapter": self.chapter}}, metadata

    def _answered(self, _, message, __):
        key, verdict = message["key"], message["verdict"]
        progress.record("quiz", f"{self.chapter}/{key}", ok=verdict == "right")
        if self.answers.get(key) != "right":
            self.answers = self.answers | {key: verdict}
