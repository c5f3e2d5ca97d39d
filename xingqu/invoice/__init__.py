"""Electronic invoices: titles, requests, the shop's numbered documents, red letters on refunds."""
