"""Live rooms under many viewers, and how far behind the camera they are."""
