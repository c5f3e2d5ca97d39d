// Starts the measured shop: `server` the HTTP API, `worker` its job queue.
// The modules lie in the peers' folder, not beside this file: NODE_PATH names it.
const core = require('@vendure/core');
const { config } = require('./config');

const call = (token, api) => async (query, variables) => {
    const answer = await fetch(`http://127.0.0.1:${config.apiOptions.port}/${api}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token.value ? { authorization: `Bearer ${token.value}` } : {}) },
        body: JSON.stringify({ query, variables }),
    });
    token.value = answer.headers.get('vendure-auth-token') || token.value;
    const content = await answer.json();
    if (content.errors) throw new Error(JSON.stringify(content.errors));
    return content.data;
};

exports.bootstrap = () => core.bootstrap(config);

exports.populate = async (app, order) => {
    const admin = call({ value: '' }, 'admin-api');
    await admin('mutation { login(username: "bench", password: "benchmark-only") { __typename } }');
    const zone = (await admin('mutation { createZone(input: { name: "Asia" }) { id } }')).createZone.id;
    const country = (await admin('mutation { createCountry(input: { code: "CN", enabled: true, translations: [{ languageCode: en, name: "China" }] }) { id } }')).createCountry.id;
    await admin('mutation($z: ID!, $c: ID!) { addMembersToZone(zoneId: $z, memberIds: [$c]) { id } }', { z: zone, c: country });
    const channel = (await admin('{ channels { items { id } } }')).channels.items[0].id;
    const tax = (await admin('mutation { createTaxCategory(input: { name: "Standard" }) { id } }')).createTaxCategory.id;
    await admin('mutation($z: ID!, $t: ID!) { createTaxRate(input: { name: "None", enabled: true, value: 0, categoryId: $t, zoneId: $z }) { id } }', { z: zone, t: tax });
    await admin('mutation($id: ID!, $z: ID!) { updateChannel(input: { id: $id, defaultTaxZoneId: $z, defaultShippingZoneId: $z }) { __typename } }', { id: channel, z: zone });
    await admin('mutation { createShippingMethod(input: { code: "standard", fulfillmentHandler: "manual-fulfillment", checker: { code: "default-shipping-eligibility-checker", arguments: [{ name: "orderMinimum", value: "0" }] }, calculator: { code: "default-shipping-calculator", arguments: [{ name: "rate", value: "0" }, { name: "taxRate", value: "0" }, { name: "includesTax", value: "auto" }] }, translations: [{ languageCode: en, name: "Standard", description: "" }] }) { id } }');
    await admin('mutation { createPaymentMethod(input: { code: "bench", enabled: true, handler: { code: "dummy-payment-handler", arguments: [{ name: "automaticSettle", value: "true" }] }, translations: [{ languageCode: en, name: "Bench", description: "" }] }) { id } }');
    const products = [];
    for (let number = 0; number < order.products; number++) {
        const product = (await admin('mutation($n: String!, $s: String!) { createProduct(input: { translations: [{ languageCode: en, name: $n, slug: $s, description: "" }] }) { id } }', { n: `Bedding ${number}`, s: `bedding-${number}` })).createProduct.id;
        const variant = (await admin('mutation($p: ID!, $n: String!, $k: Int!) { createProductVariants(input: [{ productId: $p, sku: $n, price: 9900, stockOnHand: $k, trackInventory: TRUE, translations: [{ languageCode: en, name: $n }] }]) { id } }', { p: product, n: `S${number}`, k: order.stock })).createProductVariants[0].id;
        products.push(variant);
    }
    const buyers = [];
    for (let number = 0; number < order.buyers; number++) {
        const token = { value: '' };
        const shop = call(token, 'shop-api');
        await shop('mutation($e: String!) { registerCustomerAccount(input: { emailAddress: $e, password: "benchmark1", firstName: "A", lastName: "B" }) { __typename } }', { e: `b${number}@bench.invalid` });
        await shop('mutation($e: String!) { login(username: $e, password: "benchmark1") { __typename } }', { e: `b${number}@bench.invalid` });
        buyers.push({ token: token.value });
    }
    const methods = (await admin('{ shippingMethods { items { id } } }')).shippingMethods.items;
    return { products, buyers, shipping: methods[0].id };
};

if (require.main === module) {
    const start = process.argv[2] === 'worker'
        ? core.bootstrapWorker(config).then(worker => worker.startJobQueue())
        : core.bootstrap(config);
    start.catch(error => { console.error(error); process.exit(1); });
}
