"""Questions to providers, side by side where a provider allows it: one that is slow must not hold up the others."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from xingqu.kit.errors import NotFound
from xingqu.trade.providers import get_provider

THREADS = 8
Answer = TypeVar("Answer")


def ask_all(questions: Sequence[tuple[str, Callable[[], Answer]]]) -> list[Answer | Exception]:
    """Answers in the order of the (provider, question)s; a question's exception stands for its answer.

    Questions must not use the database: they run in threads of their own.
    """
    asked = [_threads().submit(question) if _is_remote(provider) else question for provider, question in questions]
    return [_answer(one.result if isinstance(one, Future) else one) for one in asked]


def _answer(ask: Callable[[], Answer]) -> Answer | Exception:
    try:
        return ask()
    except Exception as error:  # handed to the caller, who knows which of them can be
        return error


def _is_remote(provider: str) -> bool:
    try:
        return get_provider(provider).own_threads
    except NotFound:
        return False


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="provider")
