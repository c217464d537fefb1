"""Measure the speed of gdcourse, in one table of ratios:  python benchmarks/core.py

Everything runs on one thread. Each line compares two rivals, which take turns for several rounds. Each round gives a
ratio of their processor times, and the median of these ratios is printed. So the result hardly depends on the machine
or on its load. PyTorch is measured if it is installed.
"""

# ruff: noqa: E402  the number of threads must be set before NumPy is imported
import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import inspect
import subprocess
import sys
from functools import partial
from statistics import median
from time import thread_time

import numpy as np

from gdcourse import adadelta, adagrad, adam, adamw, amsgrad, descend, gd, momentum, nesterov, problems, rmsprop

RULES = [gd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw, amsgrad]
START, CURVATURE = problems.bowl.start, np.array([2.0, 4.0])


def main(steps=1000, rounds=41, rates=200, rows=1_000_000):
    print(f"A path of {steps:,} steps in two dimensions, against the same ufuncs and nothing else")
    for rule in RULES:
        rivals = {"ours": ours(rule, steps), "bare": bare(rule, steps, lr=0.01)}
        report(rule.__name__, rivals, "ours", "bare", rounds, at_most=1.9 if rule in (gd, momentum, adam) else None)

    print(f"A path of {steps // 2:,} steps: torch.optim against ours")
    for rule, target in {gd: 40, momentum: 30, adam: 15}.items():
        for how in ("autograd of x² + 2y²", "autograd of one vector product", "gradient by hand"):
            rivals = {"ours": ours(rule, steps // 2), "torch": torch_path(rule, steps // 2, how)}
            at_least = target if "x²" in how else None
            report(f"{rule.__name__}, {how}", rivals, "torch", "ours", rounds // 3 + 1, at_least=at_least)

    print(f"A sweep: nine rules, {rates} rates, 200 steps")
    rates = np.geomspace(1e-4, 0.4, rates)
    rivals = {"each": lambda: one_by_one(rates), "all": lambda: at_once(rates)}
    report("one run per rate against one run for all", rivals, "each", "all", rounds // 10 + 1, at_least=80)

    print(f"An epoch of mini-batches, {rows:,} rows of 100 features, batches of 1,000")
    report("the epoch against reading the table once", epoch(rows), "epoch", "read", rounds // 5 + 1, at_most=2.3)

    print("Importing, in a fresh process")
    rivals = {name: partial(import_seconds, name) for name in ("gdcourse", "numpy")}
    what = "import gdcourse against import numpy"
    report(what, rivals, "gdcourse", "numpy", rounds // 2 + 1, at_most=1.15, clock=False)


def ours(rule, steps):
    return partial(descend, rule, problems.bowl.grad, START, steps, lr=0.01)


def report(what, rivals, over, under, rounds, at_most=None, at_least=None, clock=True):
    """Let the rivals take turns, and print one line: the time of `over` divided by the time of `under`.

    rivals: {name: function to measure}; at_most, at_least: targets for the ratio; clock: if false, each function
    measures its own time and returns it.
    """
    if None in rivals.values():
        return print(f"  {what:<48} not installed")
    seconds = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, run in rivals.items():
            begin = thread_time()
            result = run()
            seconds[name].append(thread_time() - begin if clock else result)
    ratio = median(a / b for a, b in zip(seconds[over], seconds[under]))
    target = f"at most {at_most}" if at_most else f"at least {at_least}" if at_least else ""
    missed = (at_most and ratio > at_most) or (at_least and ratio < at_least)
    print(f"  {what:<48}{ratio:8.2f}   {target:<14}{'MISSED' if missed else ''}", flush=True)


class Traced(np.lib.mixins.NDArrayOperatorsMixin):
    """A stand-in for an array while a rule runs. It records on `tape` each ufunc that the rule calls, with the
    arguments."""

    def __init__(self, name, tape):
        self.name, self.tape = name, tape

    def __array_ufunc__(self, ufunc, method, *inputs):
        out = Traced(f"out{len(self.tape)}", self.tape)
        self.tape.append((ufunc.__name__, inputs, out.name))
        return out


def bare(rule, steps, **settings):
    """Return a function that runs the ufuncs of a rule and of its gradient in a plain loop, as fast as possible.

    All arrays are made before the function is called, so it allocates nothing. It calls no function of gdcourse and
    checks nothing. In Adam's rule the number of the step, t, stays constant, so no time goes into the powers of β.
    """
    tape = []
    memory = [p for p in inspect.signature(rule).parameters.values() if p.kind is not p.KEYWORD_ONLY][2:]
    given = [0 if p.name == "t" else Traced(p.name, tape) for p in memory]
    result = rule(Traced("w", tape), Traced("g", tape), *given, **settings)
    result = result if isinstance(result, tuple) else (result,)

    names = {"path": np.empty((steps + 1, 2)), "w": START.copy(), "g": np.empty(2), "curvature": CURVATURE}
    names |= {p.name: np.zeros(2) for p in memory}
    lines = ["multiply(curvature, w, out=g)"]
    for n, (ufunc, inputs, out) in enumerate(tape):
        arguments = []
        for i, x in enumerate(inputs):
            arguments.append(x.name if isinstance(x, Traced) else f"const{n}_{i}")
            names |= {} if isinstance(x, Traced) else {arguments[-1]: np.array(float(x))}
        names |= {ufunc: getattr(np, ufunc), out: np.empty(2)}
        lines.append(f"{ufunc}({', '.join(arguments)}, out={out})")
    for name, new in zip(["w", *(p.name for p in memory)], result, strict=True):
        if isinstance(new, Traced):
            lines.append(f"{name}, {new.name} = {new.name}, {name}")
    names |= {"multiply": np.multiply}
    body = "".join(f"        {line}\n" for line in lines)
    code = f"def loop({', '.join(names)}):\n    for t in range(1, {steps + 1}):\n{body}        path[t] = w\n    return path\n"
    exec(code, space := {})  # noqa: S102  the code is made above, not taken from outside
    return lambda: space["loop"](**names)


def torch_path(rule, steps, how):
    """Return a function that lets PyTorch compute and record the path of this rule; None if PyTorch is not
    installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    curvature = torch.tensor(CURVATURE)
    kind, options = {
        gd: (torch.optim.SGD, {}),
        momentum: (torch.optim.SGD, {"momentum": 0.9}),
        adam: (torch.optim.Adam, {}),
    }[rule]

    def loss(w):
        if "vector" in how:
            return 0.5 * (curvature * w * w).sum()
        x, y = w
        return x**2 + 2 * y**2

    def run():
        w = torch.tensor(START.copy(), requires_grad=True)
        optimizer, path = kind([w], lr=0.01, **options), [w.detach().clone()]
        for _ in range(steps):
            if "autograd" in how:
                optimizer.zero_grad()
                loss(w).backward()
            else:
                w.grad = curvature * w.detach()
            optimizer.step()
            path.append(w.detach().clone())
        return torch.stack(path)

    return run


def one_by_one(rates):
    for rule in RULES:
        for rate in rates.tolist():
            descend(rule, problems.bowl.grad, START, 200, lr=rate)


def at_once(rates):
    for rule in RULES:
        descend(rule, problems.bowl.grad, START[:, None], 200, lr=rates)


def epoch(n, d=100, size=1_000):
    """Return the two rivals of an epoch: a pass over all n rows in batches, and one read of the whole table.

    The read is a product with a vector. This was the fastest NumPy call found that reads every number.
    """
    rng = np.random.default_rng(0)
    X = rng.random((n, d))
    fit = problems.least_squares(X, X @ rng.random(d))
    grad, ones = fit.batch_grad(size, seed=0, draw="once"), np.ones(d)
    grad(fit.start)  # this first call shuffles the rows, once for all epochs, so the time for it is not measured
    steps = n // size
    return {"epoch": lambda: descend(gd, grad, fit.start, steps, lr=1e-3), "read": lambda: X @ ones}


def import_seconds(name):
    """Return the processor time, in seconds, that a new interpreter takes to import the module `name`."""
    code = f"from time import process_time as clock; t = clock(); import {name}; print(clock() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
