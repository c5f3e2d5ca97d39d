"""The engine over HTTP: starlette on uvicorn."""
