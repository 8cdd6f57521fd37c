"""The review page: a local web page over the output folder of ``audit check``.

Loopback only, one person at one machine; see ``security.py`` for what every answer carries.
"""

from __future__ import annotations

from audit.web.serve import serve_review

__all__ = ["serve_review"]
