"""The documentation says what the code says."""

import re
from pathlib import Path

import pytest

from xingqu.config.reference import fact_classes, pages
from xingqu.config.subscriptions import SUBSCRIPTIONS

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_reference_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == pages()[name], "run `xingqu generate_reference`"


def test_every_setting_says_what_it_is() -> None:
    assert "| None |" not in pages()["settings.md"]


def test_subscriptions_are_of_known_facts() -> None:
    assert set(SUBSCRIPTIONS) <= set(fact_classes())


def test_links_in_the_documentation_lead_somewhere() -> None:
    texts = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [
        f"{text.relative_to(ROOT)}: {target}"
        for text in texts
        for target in LINK.findall(text.read_text("utf-8"))
        if not (text.parent / target).exists()
    ]
    assert broken == []


def test_paths_named_in_the_tour_exist() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text("utf-8")
    named = set(re.findall(r"`((?:xingqu|simulator|bench|web|tests|docs)/[\w./-]*)`", tour))
    assert named
    assert sorted(p for p in named if not (ROOT / p).exists()) == []


def test_every_decision_record_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {p.name for p in folder.glob("0*.md")}
