"""What a page may load and run, said in the page itself (Content-Security-Policy): this host, and nothing else.

The one inline script is known by its hash; a second one does not run and is a fault in the tests. WebAssembly may be compiled (Python
in the page), strings are never evaluated. Inline styles stay allowed: formulas and verdicts carry some, and from a style nothing can
be sent or fetched elsewhere.
"""

import base64
import hashlib


def hashed(script):
    """How a policy names an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(*scripts):
    """The policy of a page with these inline scripts."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *map(hashed, scripts)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",  # what a cell draws
            "connect-src 'self' blob:",  # by a blob the page tells a running cell to stop
            "worker-src 'self' blob:",  # a worker from a blob is held by this policy too; one from an address would not be
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )
