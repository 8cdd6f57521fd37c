"""Speed and accuracy, run by hand and recorded in BENCHMARKS.md."""
