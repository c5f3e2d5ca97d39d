"""The embedded media backend: RTMP in, HLS and a recording out. It knows streams and files; the rules stand in the services."""
