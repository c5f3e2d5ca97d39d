"""Live rooms: the room and its states, the run of show, chat, figures, and the stream from the host to the viewers."""
