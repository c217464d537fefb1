"""Limit the memory of this process for a while, where the operating system allows it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows, or a browser
    resource = None  # type: ignore[assignment]


def address_space() -> int:
    """Return how many bytes of addresses this process uses; 0 if the system does not report it."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[0]) * resource.getpagesize() if resource and pages.exists() else 0


@contextmanager
def room(memory: int) -> Iterator[None]:
    """Let this process take at most `memory` bytes more than it has now: beyond that, Python raises MemoryError.

    Only Linux is supported; elsewhere nothing is limited.
    """
    used = address_space()
    if not used:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min([used + memory, *known]), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
