"""Goods and signed-in buyers. Reads {"products", "stock", "buyers"} from stdin, prints {"products", "buyers"} as JSON."""

import json
import sys

import django


def main() -> None:
    """Make everything and print ids, session keys and addresses."""
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction
    from oscar.apps.address.models import Country, UserAddress
    from oscar.apps.catalogue.models import Category, Product, ProductClass
    from oscar.apps.partner.models import Partner, StockRecord

    order = json.load(sys.stdin)
    with transaction.atomic():
        country = Country.objects.create(
            iso_3166_1_a2="CN",
            iso_3166_1_a3="CHN",
            iso_3166_1_numeric="156",
            name="China",
            printable_name="China",
            is_shipping_country=True,
        )
        kind = ProductClass.objects.create(name="Goods", track_stock=True)
        category = Category.add_root(name="Goods")
        partner = Partner.objects.create(name="Shop")
        products = []
        for number in range(order["products"]):
            product = Product.objects.create(
                title=f"Bedding {number}", product_class=kind, structure=Product.STANDALONE
            )
            product.categories.add(category)
            StockRecord.objects.create(
                product=product,
                partner=partner,
                partner_sku=f"S{number}",
                price="99.00",
                price_currency="CNY",
                num_in_stock=order["stock"],
            )
            products.append(product.pk)
        buyers = []
        for number in range(order["buyers"]):
            user = get_user_model().objects.create_user(f"b{number}", f"b{number}@bench.invalid", "x")
            address = UserAddress.objects.create(
                user=user,
                first_name="A",
                last_name="B",
                line1="1 Garden Road",
                line4="Hangzhou",
                postcode="310000",
                country=country,
            )
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "oscar.apps.customer.auth_backends.EmailBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            buyers.append({"session": session.session_key, "address_id": address.pk})
    json.dump({"products": products, "buyers": buyers}, sys.stdout)


if __name__ == "__main__":
    main()
