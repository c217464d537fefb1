"""The functions that a learner calls: check, hint, solution, progress, quiz, bet, cards. `gdcourse` has them, too."""

from . import author
from . import progress as log
from .judge.decide import judge
from .judge.verdict import Note, Verdict
from .ladder import climb
from .progress import progress
from .questions import bet as bets
from .questions import cards as proofs
from .questions import quiz as quizzes

__all__ = ["bet", "cards", "check", "hint", "progress", "quiz", "solution"]


_NOTHING = object()


def check(id: object, answer: object = _NOTHING) -> Verdict:
    """Judge `answer`, your function for the exercise `id`. Returns a Verdict that says what to do next.

    `check("loss/mse", mse)`, or `check(mse)` if the function has the name of the exercise. Raises nothing but
    ImportError, if the exercise needs a package that is not installed.

    >>> print(check("update_rule/gd_stepp", abs))
    ○ Not checked: update_rule/gd_stepp
    There is no exercise "update_rule/gd_stepp". Did you mean "update_rule/gd_step"?
    """
    if answer is _NOTHING and not isinstance(id, str):
        id, answer = getattr(id, "__name__", id), id
    elif callable(id) and isinstance(answer, str):
        id, answer = answer, id
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Verdict(str(id), "unknown", str(error))
    if answer is _NOTHING:
        said = f'Hand over your function too, without calling it: `check("{exercise.id}", {exercise.name})`.'
        return Verdict(exercise.id, "signature", said)
    try:
        verdict = judge(exercise, answer)
    except ImportError:
        raise  # the exercise needs this package; a page of the book fetches it and calls `check` again
    except Exception as error:
        said = f"The check itself has failed ({type(error).__name__}: {error}). That is our fault, not yours: please report it, with your function."
        return Verdict(exercise.id, "unknown", said)
    # do not record an unchanged starter: a learner may run all cells of a page before answering
    if verdict.code != "untouched":
        log.record("check", exercise.id, ok=verdict.ok, code=verdict.code)
    return climb(exercise, verdict)


def hint(id: object) -> Note:
    """Show the next hint for the exercise; each call shows one more.

    >>> print(hint("update_rule/gd_stepp"))
    There is no exercise "update_rule/gd_stepp". Did you mean "update_rule/gd_step"?
    """
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Note(str(error))
    taken, hints = log.hints_taken(exercise.id), exercise.hints
    if taken < len(hints):
        log.record("hint", exercise.id)
        return Note(f"**Hint {taken + 1} of {len(hints)}.** {hints[taken]}")
    again = "\n".join(f"{n}. {text}" for n, text in enumerate(hints, 1))
    return Note(f'These were all the hints:\n\n{again}\n\nAfter an attempt, `solution("{exercise.id}")` opens.')


def solution(id: object) -> Note:
    """Show the solution of the exercise and its explanation, once you have checked an answer of your own.

    >>> print(solution("update_rule/gd_stepp"))
    There is no exercise "update_rule/gd_stepp". Did you mean "update_rule/gd_step"?
    """
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Note(str(error))
    if not log.attempted(exercise.id):
        return Note(
            f'First an attempt of your own: even a wrong `check("{exercise.id}", {exercise.name})` opens the '
            f'solution, and its answer is often all you need. `hint("{exercise.id}")` helps you to start.'
        )
    log.record("solution", exercise.id)
    return Note(f"```python\n{exercise.source(exercise.solution)}```\n\n{exercise.why}")


def quiz(chapter: str) -> object:
    """Show the quiz of a chapter, as a widget: pick an answer, and read its reply. Answers count in `progress()`.

    >>> quiz("loss").chapter
    'loss'
    """
    from .questions.quiz_widget import QuizWidget

    earlier = {e["id"].removeprefix(f"{chapter}/") for e in log.events() if e["kind"] == "quiz" and e.get("ok")}

    def record(key, ok, option):
        log.record("quiz", f"{chapter}/{key}", ok=ok, option=option)

    return QuizWidget(chapter, quizzes.read(quizzes.find(chapter)), earlier, record)


def bet(id: str, *options: str) -> object:
    """Predict before you run: choose one of the options, or type into a field if there are none.

    Your bet is kept in the file of `progress()`.

    >>> print(bet("update_rule/wrong_sign", "near 17", "near 65"))
    Your prediction: (a) near 17  (b) near 65. Run this cell to place your bet.
    """
    bets.refuse(id, options)
    from .questions.bet_widget import BetWidget

    earlier = [e.get("said", "") for e in log.events() if e["kind"] == "bet" and e["id"] == id]
    return BetWidget(id, options, earlier[-1] if earlier else "", lambda said: log.record("bet", id, said=said))


def cards(id: str, **orders: str) -> object:
    """Show the cards of an exercise, as a widget: put them in order, then hand the widget to `check`.

    If no widget can be shown, and in a notebook that is handed in, write the orders as letters:
    `cards("convergence_proof/order_proof", descent_lemma="C A B …")`. Raises TypeError for a name that is no board of
    the exercise.

    >>> cards("convergence_proof/order_proof", descent_lema="A")
    Traceback (most recent call last):
    TypeError: there is no 'descent_lema' to be put in order; there are: descent_lemma, convex_rate, pl_rate
    """
    exercise = author.load(id)
    unknown = sorted(set(orders) - set(exercise.boards))
    if unknown:
        raise TypeError(
            f"there is no {unknown[0]!r} to be put in order; there are: {', '.join(exercise.boards) or 'no cards'}"
        )
    orders = {name: "".join(proofs.letters(order)) for name, order in orders.items()}
    try:
        from .questions.cards_widget import CardsWidget
    except ImportError:  # anywidget is not installed: the answer is the orders that were given as letters
        return proofs.Answer(exercise.id, **orders)
    return CardsWidget(exercise, orders, exercise.id in log.solved(), check)


def _named(id):
    """Return the id of an exercise as text. id: the text, or the learner's function, whose name is then the id."""
    if isinstance(id, str):
        return id.strip()
    return getattr(id, "__name__", None) or repr(id)
