"""How shops serve: the experience score (店铺体验分), its parts, and what to do about them."""
