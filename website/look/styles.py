"""One stylesheet for the whole book: ours and those of the extensions, without the rules that no page can match.

A rule stays when every class and id in it stands somewhere in the pages or in a script (scripts set classes too).
That is coarse, needs no list to maintain, and errs on the side of keeping.
"""

import re

WORD = re.compile(r"[\w-]+")


def blocks(css):
    """Split CSS into (prelude, body) pairs; the body is None for a statement such as @charset."""
    start = depth = 0
    opened = None
    for place, character in enumerate(css):
        if character == "{":
            if depth == 0:
                opened = place
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1
        elif character == ";" and depth == 0:
            yield css[start:place].strip(), None
            start = place + 1


def selectors(prelude):
    """The selectors of a rule: split at commas outside brackets."""
    return re.split(r",(?![^()]*\))", prelude)


def alive(selector, words):
    """Can this selector match? Classes and ids inside :not(…) do not count."""
    outside = re.sub(r":not\([^)]*\)", "", selector)
    return all(name in words for name in re.findall(r"[.#]([A-Za-z_][\w-]*)", re.sub(r"\[[^\]]*\]", "", outside)))


def purge(css, words):
    """The rules of `css` that can match a page whose classes, ids and script words are `words`."""
    kept = []
    for prelude, body in blocks(css):
        if body is None:
            kept.append(prelude + ";")
        elif prelude.startswith(("@media", "@supports", "@layer", "@container", "@-moz-document")):
            inside = purge(body, words)
            if inside:
                kept.append(f"{prelude}{{{inside}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        else:
            living = [s for s in selectors(prelude) if alive(s, words)]
            if living and body.strip():
                kept.append(f"{','.join(living)}{{{body}}}")
    return "".join(kept)


def minify(css):
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}").strip()


def words_of(pages, scripts):
    """Every word that may be a class or an id: from class="…" and id="…" of the pages, and all words of the scripts."""
    found = set()
    for page in pages:
        for value in re.findall(r'\b(?:class|id)="([^"]*)"', page):
            found.update(value.split())
    for script in scripts:
        found.update(WORD.findall(script))
    return found


def bundle(sheets, words):
    """One small stylesheet out of many, in their order."""
    return purge(minify("\n".join(sheets)), words)
