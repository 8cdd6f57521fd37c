"""What a notice demands, as data: schema, loading, the shipped policies."""

from __future__ import annotations

from audit.errors import PolicyError
from audit.policy.loading import load_policy, shipped_policies
from audit.policy.schema import Policy

__all__ = ["Policy", "PolicyError", "load_policy", "shipped_policies"]
