"""Rules of content that need no database: states, texts, the tus header grammar."""

import base64
import binascii
import re

from xingqu.content.media.probe import sniff_container

# What may become of a content, by its own shop's hand. The media pipeline moves draft, processing, ready and failed.
PUBLISHABLE = frozenset({"ready", "unpublished"})
TOPIC_WEIGHT = 1.0
PRODUCT_TAG_SHARE = 0.6  # a tag that only an anchored product has says less about the content than its own words
TITLE_WEIGHT = 0.8
CAPTION_WEIGHT = 0.5
TAGS_MAX = 24
# Failures that are not the file's own: the same bytes may succeed at another time.
RETRYABLE_FAILURES = frozenset({"media_timeout", "media_tool_failed", "media_cancelled", "processing_failed"})

_CONTACT = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?:加|➕|\+)\s*(?:我)?\s*(?:微信|薇信|v信|vx|wx|qq)"
    r"|(?:微信|薇信|vx|wx|qq)\s*(?:号|:|:)\s*[\w-]{5,}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)",
    re.IGNORECASE,
)
_FORBIDDEN_WORDS = (
    "代开发票",
    "代开增值税",
    "刷单",
    "刷信誉",
    "办证",
    "假钞",
    "枪支",
    "毒品",
    "冰毒",
    "赌博",
    "网赌",
    "裸聊",
    "约炮",
    "傻逼",
    "操你妈",
    "去死吧",
    "fuck you",
    "kill yourself",
)
_IGNORED = re.compile(r"[\s\*\-_·.,,。!!??~]+")


def find_forbidden(text: str) -> str | None:
    """What makes a text unfit for the public: ``contact_details`` or ``forbidden_words``; None when it may stand.

    Spaces and punctuation that were put between the letters don't hide a word.
    """
    if _CONTACT.search(text):
        return "contact_details"
    return "forbidden_words" if has_forbidden_words(text) else None


def has_forbidden_words(text: str) -> bool:
    """Whether a text holds a word that may stand nowhere, in private neither."""
    folded = _IGNORED.sub("", text.lower())
    return any(_IGNORED.sub("", word) in folded for word in _FORBIDDEN_WORDS)


def clean_topics(names: list[str]) -> list[str]:
    """Topic tags without ``#``, blanks and doubles, in the author's order."""
    cleaned = (name.strip().lstrip("#＃").strip() for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))


def parse_upload_metadata(header: str) -> dict[str, str]:
    """tus ``Upload-Metadata``: comma-separated ``key base64(value)`` pairs.

    Raises ValueError when a pair has another form, a key twice, or a value that is no base64 of UTF-8.
    """
    pairs: dict[str, str] = {}
    for part in (p.strip() for p in header.split(",") if p.strip()):
        key, _, encoded = part.partition(" ")
        if not re.fullmatch(r"[\x21-\x2b\x2d-\x7e]+", key) or key in pairs:
            raise ValueError(f"bad or repeated key {key[:40]!r}")
        try:
            pairs[key] = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ValueError(f"the value of {key[:40]!r} is not base64 of UTF-8 text") from error
    return pairs


def clean_filename(name: str) -> str:
    """The last part of a client's file name, for display only: no path, no control characters, at most 200 letters."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip()
    return shown[-200:] or "upload"


def sniff_kind(head: bytes) -> str | None:
    """``video`` or ``picture`` by a file's first bytes, whatever its name says; None for anything else."""
    if sniff_container(head) is not None:
        return "video"
    is_picture = (
        head[:3] == b"\xff\xd8\xff"
        or head[:8] == b"\x89PNG\r\n\x1a\n"
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    )
    return "picture" if is_picture else None
