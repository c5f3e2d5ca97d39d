"""Prices and promotions: coupons, full-reduction, flash sales. What a checkout makes of them is trade's to work out."""
