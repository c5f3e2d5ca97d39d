"""After-sale (售后): refunds, returns, exchange, resend, repair, price protection, and the platform's arbitration."""
