"""Judge a learner's function: call it, compare its results with the right ones, and choose the learner's message.

Words that these modules use:
answer: what the learner handed over, mostly a function. case: a tuple of arguments for one call. fresh cases: cases
of other seeds.
code: the short name of a verdict or of a known mistake, such as "timeout"; Python code is called "the learner's code".
known mistake: a function of the exercise file, marked with `@wrong`; its docstring is what the learner reads.
law: a function of the exercise file for exercises with many right results; law(result, *arguments) returns None if
the result is right, else a sentence on what is wrong or the code of a known mistake; a tuple of these if the result
shows several mistakes.
words: a text for the learner.
"""
