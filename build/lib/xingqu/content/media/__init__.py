"""Pure media functions: no Django, no network, no database. Paths and frozen dataclasses in, files out.

The doors: `probe.probe_video`, `ffmpeg.make_renditions`, `pictures.make_picture`, `clips.make_clip`,
`stills.make_picture_post`; every refusal is an `errors.MediaError`.
"""
