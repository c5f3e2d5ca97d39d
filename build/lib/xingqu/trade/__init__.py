"""Cart, checkout, orders and payment."""
