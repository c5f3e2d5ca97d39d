"""Rules of fulfilment, pure."""
