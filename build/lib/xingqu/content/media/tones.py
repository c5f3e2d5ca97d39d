"""A quiet bed of music for a clip, synthesised from its seed: a chord pad with a few plucked notes over
it.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 44_100
PEAK = 0.22  # about -13 dBFS: pleasant when someone unmutes, never loud
# Semitones above the root; each is a loop of four chords that resolves into its own beginning.
PROGRESSIONS = (
    ((0, 4, 7, 11), (9, 12, 16, 19), (5, 9, 12, 16), (7, 11, 14, 17)),
    ((0, 4, 7, 14), (5, 9, 12, 16), (9, 12, 16, 19), (5, 9, 12, 19)),
    ((0, 3, 7, 10), (8, 12, 15, 19), (3, 7, 10, 14), (10, 14, 17, 20)),
    ((0, 4, 7, 9), (2, 5, 9, 12), (5, 9, 12, 14), (7, 11, 14, 16)),
)
ROOTS_HZ = (130.81, 146.83, 155.56, 174.61, 196.00)
FloatArray = npt.NDArray[np.float32]


def _tone(frequency_hz: float, seconds: float, partials: tuple[float, ...]) -> FloatArray:
    time = np.arange(int(seconds * SAMPLE_RATE_HZ), dtype=np.float32) / SAMPLE_RATE_HZ
    wave_sum = np.zeros_like(time)
    for order, share in enumerate(partials, start=1):
        wave_sum += share * np.sin(np.float32(2 * np.pi * frequency_hz * order) * time)
    return wave_sum.astype(np.float32)


def _add(track: FloatArray, sound: FloatArray, at_s: float) -> None:
    start = int(at_s * SAMPLE_RATE_HZ)
    end = min(len(track), start + len(sound))
    if end > start:
        track[start:end] += sound[: end - start]


def _pad(frequency_hz: float, seconds: float) -> FloatArray:
    sound = _tone(frequency_hz, seconds, (1.0, 0.35, 0.12))
    ramp = np.minimum(1.0, np.arange(len(sound), dtype=np.float32) / (0.5 * SAMPLE_RATE_HZ))
    return np.asarray(sound * ramp * ramp[::-1], dtype=np.float32)


def _pluck(frequency_hz: float) -> FloatArray:
    sound = _tone(frequency_hz, 1.4, (1.0, 0.5, 0.25, 0.1))
    decay = np.exp(-np.arange(len(sound), dtype=np.float32) / (0.32 * SAMPLE_RATE_HZ))
    attack = np.minimum(1.0, np.arange(len(sound), dtype=np.float32) / (0.006 * SAMPLE_RATE_HZ))
    return np.asarray(sound * decay * attack, dtype=np.float32)


def synthesise_bed(seconds: float, generator: np.random.Generator) -> npt.NDArray[np.int16]:
    """Stereo samples (n, 2) at 44.1 kHz, peak-limited, faded at both ends."""
    samples = int(seconds * SAMPLE_RATE_HZ)
    left, right = np.zeros(samples, dtype=np.float32), np.zeros(samples, dtype=np.float32)
    root = float(generator.choice(ROOTS_HZ))
    chords = PROGRESSIONS[int(generator.integers(len(PROGRESSIONS)))]
    chord_s = seconds / 4
    beat_s = chord_s / 4
    pattern = [int(step) for step in generator.permutation(4)]
    for place, chord in enumerate(chords):
        for step in chord:
            pitch = root * 2 ** (step / 12)
            _add(left, 0.20 * _pad(pitch * 0.9985, chord_s + 0.6), place * chord_s)
            _add(right, 0.20 * _pad(pitch * 1.0015, chord_s + 0.6), place * chord_s)
        for beat, note in enumerate(pattern):
            if (beat + place) % 4 == 3:
                continue
            pluck = _pluck(2 * root * 2 ** (chord[note] / 12))
            share = 0.35 + 0.3 * (beat % 2)
            _add(left, 0.22 * (1 - share) * pluck, place * chord_s + beat * beat_s)
            _add(right, 0.22 * share * pluck, place * chord_s + beat * beat_s)
    both = np.stack([left, right], axis=1)
    fade = min(samples // 4, int(0.35 * SAMPLE_RATE_HZ))
    both[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)[:, None]
    both[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    peak = float(np.abs(both).max()) or 1.0
    return (both / peak * PEAK * 32_767).astype(np.int16)


def write_wave(samples: npt.NDArray[np.int16], path: Path) -> None:
    """Write stereo 16-bit samples as a WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        out.writeframes(samples.tobytes())
