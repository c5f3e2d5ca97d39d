"""An RTMP server that takes streams and plays none: handshake, commands, and each media message to its publication."""

import asyncio
import contextlib
import logging
import os
from typing import Any

from xingqu.kit.errors import BusinessError
from xingqu.live.ingest import amf, chunks, flv
from xingqu.live.ingest.ffmpeg import ToolMissing, find_ffmpeg
from xingqu.live.ingest.ports import StreamDesk
from xingqu.live.ingest.publishing import IngestSettings, Publication, StreamEnded, on_thread

log = logging.getLogger(__name__)
HANDSHAKE_BYTES = 1536
WINDOW_BYTES = 2_500_000
# From connecting to publishing.
OPENING_S = 10.0
CONNECTIONS_MAX = 256
IGNORED = frozenset({"releaseStream", "FCPublish", "_checkbw", "getStreamLength", "_result", "_error", "onStatus"})
OVER = frozenset({"deleteStream", "closeStream", "FCUnpublish"})


class RtmpServer:
    """Listens until it is closed. `open_count` connections at most `CONNECTIONS_MAX`."""

    def __init__(self, settings: IngestSettings, desk: StreamDesk) -> None:
        self._settings = settings
        self._desk = desk
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> int:
        """Start to listen; returns the port. Raises OSError when it is taken."""
        self._server = await asyncio.start_server(self._on_connect, host, port, limit=1 << 20)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end every stream properly."""
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._connections) >= CONNECTIONS_MAX:
            writer.close()
            return
        self._connections.add(task)
        try:
            await Connection(reader, writer, self._settings, self._desk).run()
        except asyncio.CancelledError:
            return  # the server closes; what had to be ended has been
        except Exception:
            log.exception("an RTMP connection failed")
        finally:
            self._connections.discard(task)
            writer.close()


class Connection:
    """One encoder, from handshake to goodbye."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: IngestSettings, desk: StreamDesk
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._desk = desk
        self._chunks = chunks.ChunkReader(reader)
        self._acknowledged_bytes = 0
        self._publication: Publication | None = None

    async def run(self) -> None:
        """Serve the connection until it ends; a stream it published has ended then too."""
        reason = "disconnected"
        try:
            async with asyncio.timeout(OPENING_S):
                await self._shake_hands()
                while self._publication is None:
                    await self._take(await self._chunks.message())
            await self._serve()
        except StreamEnded as ended:
            reason = ended.reason
            await self._refuse("NetStream.Publish.Rejected", str(ended))
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        except (chunks.BadChunk, amf.BadAmf) as error:
            reason = "protocol"
            log.info("an RTMP connection spoke nonsense: %s", error)
        finally:
            if self._publication is not None:
                await asyncio.shield(self._publication.close(reason))

    async def _serve(self) -> None:
        """Read media and watch the stream, until one of the two ends."""
        assert self._publication is not None
        tasks = [asyncio.create_task(self._read_on()), asyncio.create_task(self._publication.run())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read_on(self) -> None:
        while True:
            await self._take(await self._chunks.message())

    async def _shake_hands(self) -> None:
        if await self._reader.readexactly(1) != b"\x03":
            raise chunks.BadChunk("no RTMP version 3")
        theirs = await self._reader.readexactly(HANDSHAKE_BYTES)
        ours = b"\0" * 8 + os.urandom(HANDSHAKE_BYTES - 8)
        self._writer.write(b"\x03" + ours + theirs)
        await self._writer.drain()
        await self._reader.readexactly(HANDSHAKE_BYTES)

    async def _take(self, message: chunks.Message) -> None:
        if self._chunks.received_bytes - self._acknowledged_bytes >= WINDOW_BYTES:
            self._acknowledged_bytes = self._chunks.received_bytes
            count = (self._acknowledged_bytes & 0xFFFFFFFF).to_bytes(4, "big")
            await self._send(chunks.ACKNOWLEDGE, count, channel=2)
        if message.kind in (chunks.AUDIO, chunks.VIDEO):
            if self._publication is not None:
                await self._publication.feed(message.kind, message.timestamp_ms, message.body)
        elif message.kind in (chunks.COMMAND, chunks.COMMAND_AMF3):
            body = message.body[1:] if message.kind == chunks.COMMAND_AMF3 else message.body
            await self._command(amf.decode(body))
        elif message.kind == chunks.DATA and self._publication is not None:
            await self._metadata(message)

    async def _metadata(self, message: chunks.Message) -> None:
        assert self._publication is not None
        values = amf.decode(message.body)
        if values[:2] != ["@setDataFrame", "onMetaData"] or len(values) < 3 or not isinstance(values[2], dict):
            return
        self._publication.note_metadata(values[2])
        plain = {k: v for k, v in values[2].items() if isinstance(v, (str, float, bool))}
        await self._publication.feed(flv.SCRIPT, message.timestamp_ms, amf.encode("onMetaData", plain))

    async def _command(self, values: list[Any]) -> None:
        name, transaction = [*values, "", 0][:2]
        if name == "connect":
            await self._send(chunks.WINDOW_SIZE, WINDOW_BYTES.to_bytes(4, "big"), channel=2)
            await self._send(chunks.PEER_BANDWIDTH, WINDOW_BYTES.to_bytes(4, "big") + b"\x02", channel=2)
            await self._send(chunks.SET_CHUNK_SIZE, chunks.OUT_CHUNK_BYTES.to_bytes(4, "big"), channel=2)
            status = {"level": "status", "code": "NetConnection.Connect.Success", "description": "Connected."}
            about = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}
            await self._send(chunks.COMMAND, amf.encode("_result", transaction, about, {**status, "objectEncoding": 0}))
        elif name == "createStream":
            await self._send(chunks.COMMAND, amf.encode("_result", transaction, None, 1))
        elif name == "publish":
            await self._publish(values)
        elif name in OVER and self._publication is not None:
            raise ConnectionResetError("the encoder said goodbye")
        elif name == "play":
            await self._refuse("NetStream.Play.StreamNotFound", "Streams are played over HTTP.")
            raise ConnectionResetError("nothing is played here")
        elif name not in IGNORED and transaction:
            await self._send(chunks.COMMAND, amf.encode("_result", transaction, None, None))

    async def _publish(self, values: list[Any]) -> None:
        if self._publication is not None:
            return
        key = values[3] if len(values) > 3 and isinstance(values[3], str) else ""
        try:
            find_ffmpeg()
            grant = await on_thread(self._desk.open, key[:200], recording=self._settings.records)
        except BusinessError as refusal:
            await self._refuse("NetStream.Publish.BadName", str(refusal))
            raise ConnectionResetError("refused") from refusal
        except ToolMissing as error:
            log.error("%s", error)
            await self._refuse("NetStream.Publish.Rejected", "This server can't take streams: it has no ffmpeg.")
            raise ConnectionResetError("refused") from error
        self._publication = Publication(grant, self._settings, self._desk)
        await self._status("status", "NetStream.Publish.Start", "Publishing.")

    async def _refuse(self, code: str, text: str) -> None:
        with contextlib.suppress(ConnectionError):
            await self._status("error", code, text)

    async def _status(self, level: str, code: str, text: str) -> None:
        info = {"level": level, "code": code, "description": text}
        await self._send(chunks.COMMAND, amf.encode("onStatus", 0, None, info), channel=5, stream_id=1)

    async def _send(self, kind: int, body: bytes, *, channel: int = 3, stream_id: int = 0) -> None:
        self._writer.write(chunks.write_message(kind, body, channel=channel, stream_id=stream_id))
        await self._writer.drain()
