"""Prove the checkers: each right answer accepted, each wrong one rejected with its own message, over many seeds."""
from . import author
from .judge import inspect_answer, judge


def prove(exercise, seeds=3):
    """The complaints about one exercise, as sentences; none means proved."""
    found = []
    if len(exercise.hints) != 3:
        found.append(f"{len(exercise.hints)} hints; three are shown, one at a time")
    if len(exercise.wrongs) < 4:
        found.append(f"{len(exercise.wrongs)} known wrong answers; at least four are needed")
    if len(exercise.rights) < 2:
        found.append(f"{len(exercise.rights)} further right answers; at least two are needed")
    for code in exercise.wrongs:
        if not exercise.feedback(code):
            found.append(f"{code}: no docstring, so the learner would read nothing")
    scope = {}
    exec(exercise.starter, {"np": __import__("numpy")}, scope)
    untouched = inspect_answer(exercise, scope[exercise.name])
    if untouched is None or untouched.code != "untouched":
        found.append("the untouched starter does not get the neutral verdict")
    for seed in range(seeds):
        for name, answer in {exercise.name: exercise.solution, **exercise.rights}.items():
            verdict = judge(exercise, answer, seed, strict=True)
            if not verdict.ok:
                found.append(f"right answer {name} is refused (seed {seed}): {verdict.code}: {verdict.message}\n{verdict.details}")
        for code, answer in exercise.wrongs.items():
            verdict = judge(exercise, answer, seed, strict=True)
            if verdict.ok:
                found.append(f"mistake {code} SURVIVES (seed {seed}): the checker accepts it")
            elif verdict.code != code:
                found.append(f"mistake {code} is taken for {verdict.code} (seed {seed})")
        if found:
            break
    return found


def run(ids, seeds):
    """Prove the exercises with these ids (all by default); 0 when every one is proved."""
    bad = 0
    for id in ids or author.all_ids():
        try:
            exercise = author.load(id)
            found = prove(exercise, seeds)
        except (author.BadExercise, author.UnknownExercise) as error:
            found = [str(error)]
        bad += bool(found)
        if found:
            print(f"✗ {id}", *found, sep="\n    ")
        else:
            print(f"✓ {id}: {1 + len(exercise.rights)} right, {len(exercise.wrongs)} wrong, {seeds} seeds")
    return 1 if bad else 0
