"""The way back through a graph."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 30
points = 3
section = "Let the computer do it: a tiny autodiff"
prompt = r"""
Write `backward(out, inputs)`: what the loop over `f, z, s` did, for any graph.

`out` is a node, and `inputs` a list of nodes. Every node has three attributes:

- `node.value`, a number;
- `node.made_of`, a list of pairs `(parent, slope)`: a node that this one was made of, and the derivative of this node in that parent, a number. The list of an input is empty;
- `node.grad`, a number that you set.

For `out` and for every node that it was made of, directly or by way of others, set `grad` to the derivative of `out` in that node, *whatever stood there before* (that of `out` in itself is 1).
Then return a list of numbers, the gradients of the nodes in `inputs` in their order: `[node.grad for node in inputs]`.

A node may be used several times, even twice in one product.
Go through each node once: the check counts how often you ask a node for `made_of`, and in its longest graph a thousand paths lead from `out` to an input.

For example, with the `Value` of this page (the check's nodes are like it), after `x = Value(3.0)` and `out = x * x`, `out.made_of` is `[(x, 3.0), (x, 3.0)]`, and `backward(out, [x])` returns `[6.0]`.
"""
hints = [
    "A node may hand its gradient on only when everything that uses it has handed down its own share. In which order does that hold for all?",
    "First make a list in which every node stands after all it was made of: visit the parents, then append the node itself, and remember whom you have visited.",
    "Then: all `grad` to 0, that of `out` to 1, and through the list from its end: `parent.grad += slope * node.grad` for each pair.",
]
praise = "This loop is the heart of what runs inside PyTorch and JAX: any program of smooth steps, one pass back, all derivatives at once."
why = r"""
The derivative of `out` in a node is a sum over everything that uses the node: for each user, (derivative of `out` in the user) × (slope of the user in the node).
That is the chain rule, and `+=` is its sum.

The user's derivative has to be complete before it is handed on.
So the nodes are put in an order in which each stands after all that it was made of (a *topological* order), and the way back runs through it from the end.
Depth first, "parents, then myself", gives such an order; `seen` takes care that a node comes once.

Without the order a node may hand on half of its gradient.
Without `seen` the same node is walked through once for every path that leads to it, and paths multiply: ten doublings are 1,024 of them, and every answer is still right, only late.

`grad` is set to zero first, so that a second call gives the same numbers.
PyTorch leaves this to you (`optimizer.zero_grad()`), because sums over several batches are sometimes wanted.
"""


class Node:
    """A number that remembers from which numbers it was made, and counts how often it is asked for them."""

    def __init__(self, value, made_of=()):
        self.value, self.grad, self._made_of, self.asked = float(value), 0.0, list(made_of), 0

    @property
    def made_of(self):
        self.asked += 1
        return list(self._made_of)

    def __add__(self, other):
        return Node(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Node(self.value * other.value, [(self, other.value), (other, self.value)])

    def __sub__(self, other):
        return Node(self.value - other.value, [(self, 1.0), (other, -1.0)])

    def tanh(self):
        a = np.tanh(self.value)
        return Node(a, [(self, 1 - a * a)])

    def exp(self):
        e = np.exp(self.value)
        return Node(e, [(self, e)])


def _square(x, y):
    return x * x


def _chain(x, y):
    return ((x * y).tanh() + y).exp()


def _reused(x, y):
    a = x * y
    return a * a + a


def _later(x, y):
    # the output uses a twice: directly, and through b; so a must wait until b has its gradient
    a = x + y
    b = (a * y).tanh()
    return a * x - b * a


def _unit(x, y):
    s = (x * y + y).tanh()
    return (s - y) * (s - y)


def _doublings(x, y):
    z = x
    for _ in range(10):
        z = z + z
    return z * y


GRAPHS = {
    "x * x": _square,
    "exp(tanh(x * y) + y)": _chain,
    "a * a + a with a = x * y": _reused,
    "a * x - b * a with a = x + y, b = tanh(a * y)": _later,
    "(s - y) * (s - y) with s = tanh(x * y + y)": _unit,
    "z * y, where z is x, doubled ten times by z = z + z": _doublings,
}


def cases(rng):
    for text in GRAPHS:
        x, y = rng.uniform(0.3, 1.4, 2)
        yield text, round(float(x), 2), round(float(-y), 2)


def run(answer, text, x, y):
    """Return the gradients after a first call and after a second one, and whether a node was asked much too often."""
    inputs = [Node(x), Node(y)]
    out = GRAPHS[text](*inputs)
    first, second = answer(out, list(inputs)), answer(out, list(inputs))
    if first is None or second is None:
        return None
    return first, second, max(node.asked for node in (*inputs, out)) > 200


def canonical(output):
    """Return the gradients of both calls; wrong numbers if the answer walked the graph path by path, which takes too
    long."""
    first, second, too_often = output
    return (np.full(2, -1e9),) * 2 if too_often else (first, second)


def show(output):
    """Return the gradients of x and y after the first call."""
    return output[0]


def _in_order(out):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent, _ in node.made_of:
                visit(parent)
            order.append(node)

    visit(out)
    return order


def backward(out, inputs):
    """Fill in `grad` of out and of every node it was made of."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent, _ in node.made_of:
                visit(parent)
            order.append(node)

    visit(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@right
def without_recursion(out, inputs):
    order, stack, seen = [], [(out, False)], set()
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.made_of)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    while order:
        node = order.pop()
        for parent, slope in node.made_of:
            parent.grad = parent.grad + node.grad * slope
    return [node.grad for node in inputs]


@right
def counting_users(out, inputs):
    """A node is ready when all its users have been."""
    users, todo, seen = {out: 0}, [out], {out}
    while todo:
        for parent, _ in todo.pop().made_of:
            users[parent] = users.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    for node in users:
        node.grad = 0.0
    out.grad, ready = 1.0, [out]
    while ready:
        node = ready.pop()
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return [node.grad for node in inputs]


@right
def in_a_table(out, inputs):
    """The sums in a dictionary, written into the nodes at the end."""
    order = _in_order(out)
    total = dict.fromkeys(order, 0.0)
    total[out] = 1.0
    for node in order[::-1]:
        for parent, slope in node.made_of:
            total[parent] += slope * total[node]
    for node, grad in total.items():
        node.grad = np.float64(grad)
    return [node.grad for node in inputs]


@right
def by_asking_the_users(out, inputs):
    """Each node collects from its users, remembered."""
    order = _in_order(out)
    users = {node: [] for node in order}
    for node in order:
        for parent, slope in node.made_of:
            users[parent].append((node, slope))
    for node in reversed(order):
        node.grad = 1.0 if node is out else sum(user.grad * slope for user, slope in users[node])
    return [node.grad for node in inputs]


@right
def by_depth(out, inputs):
    """The longest path to the inputs is an order as well."""
    depth = {}

    def deep(node):
        if node not in depth:
            depth[node] = 1 + max((deep(parent) for parent, _ in node.made_of), default=0)
        return depth[node]

    deep(out)
    nodes = sorted(depth, key=depth.get, reverse=True)
    for node in nodes:
        node.grad = 0.0
    out.grad = 1.0
    for node in nodes:
        for parent, slope in node.made_of:
            parent.grad += node.grad * slope
    return [node.grad for node in inputs]


@wrong
def overwrites_grad(out, inputs):
    """A later share overwrites an earlier one: `grad = …`. In x · x both factors are the same node, and both shares count. The shares of a node add up."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad = slope * node.grad
    return [node.grad for node in inputs]


@wrong
def wrong_order(out, inputs):
    """The order is wrong for nodes that are used near the end and also further back: you go level by level (breadth first), so such a node hands on its gradient before all
    shares have come in. It has to wait for everything that uses it."""
    nodes = [out]
    for node in nodes:
        nodes += [parent for parent, _ in node.made_of if parent not in nodes]
    for node in nodes:
        node.grad = 0.0
    out.grad = 1.0
    for node in nodes:
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def depth_first_too_early(out, inputs):
    """You follow one branch down to the inputs at once (depth first) and skip nodes that you have seen: what arrives later from another branch is not handed on. Too early: a node
    has to wait for everything that uses it."""
    seen = set()
    for node in _in_order(out):
        node.grad = 0.0
    out.grad = 1.0

    def walk(node):
        if node in seen:
            return
        seen.add(node)
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
            walk(parent)

    walk(out)
    return [node.grad for node in inputs]


@wrong
def double_visit(out, inputs):
    """Nodes that are reached twice hand on everything twice: you walk on from a parent with all the gradient it has so far, so a double visit sends the first share down again.
    Visit each node once, when it is complete."""
    for node in _in_order(out):
        node.grad = 0.0
    out.grad = 1.0

    def walk(node):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
            walk(parent)

    walk(out)
    return [node.grad for node in inputs]


@wrong
def double_visit_in_two_loops(out, inputs):
    """Nodes that are reached twice hand on everything twice: the walk comes to each of them once for every use, and each visit sends down all that has come in so far.
    Visit each node once, when it is complete: no double visit."""
    for node in _in_order(out):
        node.grad = 0.0
    out.grad = 1.0

    def walk(node):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
        for parent, _ in node.made_of:
            walk(parent)

    walk(out)
    return [node.grad for node in inputs]


@wrong
def every_path(out, inputs):
    """Every gradient is right, but you walk along every path from `out` to an input, and in the last graph there are more than a thousand of them. Let a node
    collect all its shares first, and hand them on once."""
    for node in _in_order(out):
        node.grad = 0.0

    def walk(node, g):
        node.grad += g
        for parent, slope in node.made_of:
            walk(parent, slope * g)

    walk(out, 1.0)
    return [node.grad for node in inputs]


@wrong
def stale_grad_on_second_call(out, inputs):
    """The first call is right; at a second call the stale gradients of the first are still there, and the new ones are added on top. `grad` may hold anything when you begin."""
    order = _in_order(out)
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def clears_the_inputs_only(out, inputs):
    """The first call is right, the second is not: you clear the inputs only, and the nodes in between still hold the gradient of the first call."""
    order = _in_order(out)
    for node in order:
        if not node.made_of:
            node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def seed_missing(out, inputs):
    """All gradients are zero, because the way back has no beginning (no seed): what is the derivative of `out` in `out` itself?"""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def forward_order(out, inputs):
    """Only the direct parents of `out` get a gradient. Either the way back stops after one step, or it runs in the forward order, from the inputs to `out`, so that there is nothing to hand on yet
    when a node's turn comes."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in order:
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def slopes_only(out, inputs):
    """You add the slopes only. The chain rule multiplies: a node's own gradient comes before the slope, `slope * node.grad`."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope
    return [node.grad for node in inputs]


@wrong
def adds_along_the_path(out, inputs):
    """Along a path you add slope and gradient; the chain rule multiplies along a path and adds only where paths meet."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope + node.grad
    return [node.grad for node in inputs]


@wrong
def values_for_slopes(out, inputs):
    """You multiply by the *value* of the parent. The pair holds what you need: `slope` is the derivative of the node in that parent."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, _ in node.made_of:
            parent.grad += parent.value * node.grad
    return [node.grad for node in inputs]


@wrong
def own_value_for_slope(out, inputs):
    """You multiply by the node's own value, `node.value`. The pair holds what you need: `slope` is the derivative of the node in that parent."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, _ in node.made_of:
            parent.grad += node.value * node.grad
    return [node.grad for node in inputs]


@wrong
def value_as_seed(out, inputs):
    """All gradients are too large or too small by one factor, the value of `out`: you begin the way back with `out.value` as the seed. The derivative of `out` in itself is another number."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = out.value
    for node in reversed(order):
        for parent, slope in node.made_of:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]


@wrong
def one_parent_of_two(out, inputs):
    """Only the first of the two parents gets its share: `made_of` holds a pair for each of them. Go through all pairs."""
    order = _in_order(out)
    for node in order:
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(order):
        for parent, slope in node.made_of[:1]:
            parent.grad += slope * node.grad
    return [node.grad for node in inputs]
