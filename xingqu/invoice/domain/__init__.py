"""Rules of invoices; pure."""
