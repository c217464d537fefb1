"""Limit the memory of a part of a run, where the operating system can do it."""

from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows, or a browser
    resource = None  # type: ignore[assignment]


@contextmanager
def room(memory):
    """Let this process take at most `memory` bytes more than it has now: beyond that, Python raises MemoryError.

    It works on Linux. Elsewhere nothing is limited: a browser has a limit of its own.
    """
    pages = Path("/proc/self/statm")
    if resource is None or not pages.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(pages.read_text().split()[0]) * resource.getpagesize() + memory
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min(most, *known) if known else most, hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
