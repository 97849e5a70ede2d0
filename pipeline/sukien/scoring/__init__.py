"""Metrics against gold annotation; `evaluation.evaluate_path` is what `sukien evaluate` calls."""
