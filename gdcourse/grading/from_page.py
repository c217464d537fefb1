"""Read the metadata that a page of the course adds to a notebook (frontend/page/notebook.js).

The metadata of the notebook contain the answers to the quiz; those of a cell say if its code was written for an earlier
version of the book. A learner may have changed the metadata, so data of an unknown form are ignored.
"""

import json
import re

KEY = re.compile(r"\w{1,80}/\w{1,80}\.[0-9a-f]{8}")
LARGEST = 20_000  # the largest number of events that is read


def quiz_answers(text: str, progress: str = "") -> dict[str, str]:
    r"""Return the first answer to each question of a quiz: {"<chapter>/<question>": letter}.

    Later answers do not count, because the learner has then read the reply to the first. text: the notebook; progress:
    the file progress.jsonl beside it, which contains the same kind of events.

    >>> event = {"kind": "quiz", "id": "loss/mean.0123abcd", "option": "b"}
    >>> quiz_answers("{}", progress=json.dumps(event) + "\n" + json.dumps(event | {"option": "a"}))
    {'loss/mean.0123abcd': 'b'}
    """
    events = _metadata(_parsed(text)).get("events")
    listed = list(events) if isinstance(events, list) else []
    listed += [_parsed(line) for line in progress.splitlines()[:LARGEST]]
    found: dict[str, str] = {}
    for event in listed[:LARGEST]:
        if isinstance(event, dict) and event.get("kind") == "quiz":
            key, option = event.get("id"), event.get("option")
            if isinstance(key, str) and isinstance(option, str) and KEY.fullmatch(key) and option in tuple("abcdefgh"):
                found.setdefault(key, option)
    return found


def earlier(text: str) -> list[int]:
    """Return the numbers of the cells with code that was written for an earlier version of the book.

    >>> earlier('{"cells": [{"metadata": {}}, {"metadata": {"gdcourse": {"earlier": "x"}}}]}')
    [2]
    """
    notebook = _parsed(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    cells = cells if isinstance(cells, list) else []
    return [number for number, cell in enumerate(cells, 1) if "earlier" in _metadata(cell)]


def _metadata(holder) -> dict:
    for name in ("metadata", "gdcourse"):
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else {}


def _parsed(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
