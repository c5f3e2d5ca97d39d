"""The catalogue: categories, attributes, feature tags, products with their SKUs, prices and stock."""
