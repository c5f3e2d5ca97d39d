"""The unified social credit code of organisations (GB 32100-2015), which is also their tax number."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def check_character(body: str) -> str:
    """The 18th character of a code's first 17. Raises KeyError for a character that no code has."""
    total = sum(weight * _VALUES[character] for weight, character in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether a text is a well-formed code: 18 characters, digits where the standard has them, the right check character."""
    fits = len(code) == 18 and all(character in _VALUES for character in code) and code[2:8].isdigit()
    return fits and check_character(code[:17]) == code[17]
