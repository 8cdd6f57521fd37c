"""What was just worked out is kept by the object it was made from."""

from __future__ import annotations

from audit.extract.kept import Kept


def test_a_result_is_made_once_for_one_object_and_one_manner() -> None:
    kept: Kept[int] = Kept(2)
    made: list[str] = []

    def make(name: str) -> int:
        made.append(name)
        return len(made)

    one, same_words = ["a", "b"], ["a", "b"]
    assert kept.get(one, 1, lambda: make("one")) == 1
    assert kept.get(one, 1, lambda: make("again")) == 1
    assert kept.get(same_words, 1, lambda: make("another object")) == 2
    assert kept.get(one, 2, lambda: make("another manner")) == 3
    assert kept.get(one, 1, lambda: make("forgotten meanwhile")) == 4
    assert made == ["one", "another object", "another manner", "forgotten meanwhile"]
