"""Settings of live rooms."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class LiveSettings(BaseSettings):
    """Streams, rooms and chat. A part of `Environment`."""

    live_backend: Literal["embedded", "external", "off"] = Field(
        "embedded",
        description="Who takes hosts' streams: `embedded`, the house's own RTMP process; `external`, a media server that asks "
        "the hooks; `off`, nobody.",
    )
    live_rtmp_host: str = Field("", description="Address that RTMP listens on. Empty: that of the public origin.")
    live_rtmp_port: int = Field(1935, ge=1, le=65535, description="Port that RTMP listens on.")
    live_push_url: str = Field(
        "", description="Address hosts push to. Empty: `rtmp://host:port/live` of the embedded process."
    )
    live_play_url: str = Field(
        "",
        description="External media server: address of a stream's HLS playlist, `{name}` is its name, as in "
        "`https://live.example.com/hls/{name}.m3u8`.",
    )
    live_hook_secret: SecretStr = Field(
        SecretStr(""),
        description="External media server: `secret` that its hooks must carry. Empty: hooks are refused.",
    )
    live_segment_ms: int = Field(1_000, ge=200, le=10_000, description="Length of a live segment.")
    live_playlist_segments: int = Field(8, ge=3, le=60, description="Segments in a live playlist.")
    live_bitrate_limit_kbps: int = Field(12_000, ge=100, description="A stream above this rate for long is cut off.")
    live_grace_s: int = Field(120, ge=1, description="A room whose host dropped out ends by itself after this long.")
    live_pause_limit_s: int = Field(1_800, ge=1, description="A paused room ends by itself after this long.")
    live_silent_s: int = Field(
        8,
        ge=1,
        description="A stream without media for this long counts as gone; another with the same key may take over.",
    )
    live_recording_days: int = Field(
        1_095, ge=0, description="How long recordings of live rooms are kept. 0: nothing is recorded."
    )
    live_replay_mode: Literal["off", "draft", "publish"] = Field(
        "draft", description="What becomes of a room's recording when it ends, where the room says nothing else."
    )
    live_clip_mode: Literal["off", "draft", "publish"] = Field(
        "draft", description="What becomes of clips of explained products, where the room says nothing else."
    )
    live_replay_limit_ms: int = Field(
        43_200_000, ge=60_000, description="Longest replay of a live room; the rest is left out."
    )
    live_items_max: int = Field(200, ge=1, description="Most products in a run of show.")
    live_chat_per_minute: int = Field(30, ge=1, description="Chat lines a viewer may send in a minute of one room.")
    live_fanout_url: SecretStr = Field(
        SecretStr(""),
        description="Redis or Valkey by which edge processes hear of events of live rooms at once: `redis://:password@host:port/db`. "
        "For several machines or edge processes; needs the extra `redis`. Empty: each reads the table ten times a second.",
    )
    live_chat_days: int = Field(1_095, ge=1, description="How long chat and events of an ended room are kept.")
