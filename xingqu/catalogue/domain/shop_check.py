"""What a shop's qualification must hold: the licence's number by its check digit, and which pictures."""

from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REQUIRED_DOCUMENTS = ("licence", "identity_front", "identity_back")
REVIEWED_FIELDS = (
    "kind",
    "legal_name",
    "licence_no",
    "licence_until",
    "contact_name",
    "contact_phone",
    "licence",
    "identity_front",
    "identity_back",
    "other",
)


def is_credit_code(text: str) -> bool:
    """Whether this is a unified social credit code: 18 characters, the last of which checks the others (GB 32100-2015)."""
    if len(text) != 18 or any(character not in ALPHABET for character in text):
        return False
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(text[:17]))
    return ALPHABET[-total % 31] == text[17]


def missing_documents(kinds: Iterable[str]) -> list[str]:
    """Required pictures that are not there, in their order."""
    given = set(kinds)
    return [kind for kind in REQUIRED_DOCUMENTS if kind not in given]
