"""``xingqu-engine``: the engine beside a shop, from the command line."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xingqu.engine.evaluate.channels import Outcome
from xingqu.engine.evaluate.offpolicy import DecisionError
from xingqu.standalone.channels import channels_of_store
from xingqu.standalone.engine import Engine
from xingqu.standalone.errors import EngineError
from xingqu.standalone.policy import POSITIVE, read_decisions, report, report_of_store, write_decisions
from xingqu.standalone.training import train_models

log = logging.getLogger(__name__)
KEY_VARIABLE = "XINGQU_ENGINE_KEY"
REDIS_VARIABLE = "XINGQU_ENGINE_REDIS"


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xingqu-engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=help_text, description=help_text)
        found.add_argument("--data", type=Path, required=True, help="the engine's folder")
        found.add_argument(
            "--redis",
            default=os.environ.get(REDIS_VARIABLE),
            metavar="URL",
            help=f"keep people and items in Redis, redis://host:port/db (default: the variable {REDIS_VARIABLE})",
        )
        return found

    serve = command("serve", f"Serve over HTTP. With the variable {KEY_VARIABLE} callers must show that key.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8500)
    for name, text in (
        ("export", "Write everything to one file."),
        ("import", "Read such a file into an empty engine."),
    ):
        command(name, text).add_argument("file", type=Path)
    train = command("train", "Train the sequence model on the journal; a server that runs takes it up by itself.")
    train.add_argument("--budget", type=float, default=600.0, metavar="SECONDS", help="processor time at most")
    train.add_argument("--seed", type=int, default=0)
    channels = command(
        "channels", "What each channel of recommendations brings, takes and alone finds, by sampled pages."
    )
    channels.add_argument("--outcome", default=str(Outcome.ANY), choices=[str(outcome) for outcome in Outcome])
    _add_evaluate(commands)
    return parser


def _add_evaluate(commands: Any) -> None:
    text = "Estimate what other settings of exploration, or any other policy, would have earned."
    evaluate = commands.add_parser("evaluate-policy", help=text, description=text)
    evaluate.add_argument("--data", type=Path, help="the engine's folder: its own journal of served pages")
    evaluate.add_argument("--redis", default=os.environ.get(REDIS_VARIABLE), metavar="URL")
    evaluate.add_argument("--file", type=Path, help="or decisions, one JSON object a line, with target_propensity")
    evaluate.add_argument(
        "--write", type=Path, metavar="FILE", help="write the journal's decisions for your own target"
    )
    evaluate.add_argument("--reward", default=",".join(POSITIVE), help="signals that count as a success")
    evaluate.add_argument("--within", type=float, default=24.0, metavar="HOURS", help="how long after the page")
    evaluate.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER", help="temperature, uniform_floor"
    )
    evaluate.add_argument("--clip", type=float, help="the largest weight")
    evaluate.add_argument("--confidence", type=float, default=0.95)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 1 with a message on the error output when not, 2 for wrong arguments."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        if options.command == "evaluate-policy":
            return _evaluate(parser, options)
        if options.command == "serve":
            return _serve(options)
        if options.command == "train":
            print(json.dumps(train_models(options.data, options.redis, budget_s=options.budget, seed=options.seed)))
            return 0
        if options.command == "channels":
            print(channels_of_store(options.data, options.redis, Outcome(options.outcome)))
            return 0
        with Engine.open(options.data, redis_url=options.redis, background=False) as engine:
            counts = engine.export(options.file) if options.command == "export" else engine.import_(options.file)
        print(json.dumps(counts))
    except (EngineError, DecisionError, ImportError, OSError) as error:
        print(f"xingqu-engine: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from xingqu.standalone.http.app import build_app

    # uvicorn answers what it is answering and then raises the signal again: it has to end this function, not the process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info("starting; the first start after an installation compiles for a minute or two")
    with Engine.open(options.data, redis_url=options.redis) as engine:
        log.info("ready: http://%s:%s (interface: /openapi.json)", options.host, options.port)
        app = build_app(engine, key=os.environ.get(KEY_VARIABLE, ""))
        uvicorn.run(app, host=options.host, port=options.port, log_level="warning", timeout_graceful_shutdown=10)
    return 0


def _evaluate(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    if (options.data is None) == (options.file is None):
        parser.error("give either --data or --file")
    wanted = {"clip": options.clip, "confidence": options.confidence}
    if options.file is not None:
        print(report(read_decisions(options.file), **wanted))
        return 0
    success, within_ms = frozenset(options.reward.split(",")), int(options.within * 3_600_000)
    if options.write is not None:
        count = write_decisions(options.data, options.redis, options.write, success=success, within_ms=within_ms)
        print(json.dumps({"decisions": count}))
        return 0
    changes = dict(pair.partition("=")[::2] for pair in options.set)
    print(report_of_store(options.data, options.redis, changes, success=success, within_ms=within_ms, **wanted))
    return 0
