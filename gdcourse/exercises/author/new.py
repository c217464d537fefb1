"""`python -m gdcourse.exercises new <chapter>/<function>`: write a skeleton that runs and says what is missing."""

import re

from . import exercise as author

SKELETON = '''"""What the function does, in a phrase."""
import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
prompt = r"""
Write ...

For example, ...
"""
hints = [
    "a nudge",
    "more",
    "almost there",
]
praise = "One sentence worth reading when it is right."
why = r"""
Why it is done this way.
"""


def cases(rng):
    # first inputs on which every known mistake has a different result, then random ones
    yield np.array([1.0, -2.0, 3.0]), 0.1
    for d in (1, 2, 5):
        yield rng.normal(size=d), rng.uniform(0.05, 0.5)


def NAME(w, lr):
    """Return w ← …"""
    return w - lr * w


@right
def written_otherwise(w, lr):
    return (1 - lr) * w


@right
def entry_by_entry(w, lr):
    return [x - lr * x for x in w]


@wrong
def sign(w, lr):
    """A sign: …, so the step goes uphill."""
    return w + lr * w


@wrong
def lr_forgotten(w, lr):
    """The learning rate `lr` does not appear."""
    return w - w


@wrong
def returns_input(w, lr):
    """You return `w` as it came, the input: no step is taken."""
    return w


@wrong
def mutates(w, lr):
    """The numbers are right, but `w -= …` has changed the caller's own array. Make a new one."""
    w -= lr * w
    return w
'''


def run(id: str) -> int:
    """Write the skeleton of an exercise. Returns the exit code: 0 if it was written, else 1.

    >>> run("momentum_step")
    ✗ "momentum_step": give <chapter>/<function>, like momentum/momentum_step
    1
    """
    if not re.fullmatch(r"[a-z_]\w*/[A-Za-z_]\w*", id):
        print(f'✗ "{id}": give <chapter>/<function>, like momentum/momentum_step')
        return 1
    path = author.course_folder() / "exercises" / f"{id}.py"
    if path.exists():
        print(f"✗ {path} exists already")
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKELETON.replace("NAME", path.stem), encoding="utf-8")
    print(
        f"{path}\nWrite it, then:  python -m gdcourse.exercises prove {id}\n"
        f"and into a Markdown cell of the chapter:  <!-- exercise: {id} -->  followed by  python -m gdcourse.exercises sync"
    )
    return 0
