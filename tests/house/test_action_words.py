"""What members do is told in words of both languages: no part of an address is left as it is."""

import re
from pathlib import Path

from xingqu.accounts.action_words import NOUNS, VERBS, words_of

API = Path(__file__).resolve().parents[2] / "docs/reference/api.md"
# Calls in the name of a workplace: what follows its number is the subject of an action.
CALL = re.compile(r"`(POST|PUT|PATCH|DELETE) /api/v1/(?:shops|organisations|creators)/\{[a-z_]+\}/([^`]+)`")


def test_every_call_has_words() -> None:
    calls = CALL.findall(API.read_text(encoding="utf-8"))
    assert len(calls) > 150
    parts = {part for _, address in calls for part in address.split("/") if "{" not in part}
    assert sorted(parts - set(NOUNS) - set(VERBS)) == []


def test_a_noun_and_a_verb() -> None:
    assert words_of("POST samples/*/approve") == ("同意样品申请", "Approved a request for a sample")
    assert words_of("POST packages/waybills") == ("新增电子面单", "Added waybills")
    assert words_of("PUT sample-offers/*") == ("修改派样设置", "Set an offer of samples")
