"""Measuring the finding, reading and grading of seals."""
