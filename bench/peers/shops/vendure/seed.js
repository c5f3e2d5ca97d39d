// Goods and signed-in buyers. Reads {products, stock, buyers} from stdin, prints {products, buyers} as JSON.
const fs = require('fs');
const { bootstrap, populate } = require('./run');

(async () => {
    const order = JSON.parse(fs.readFileSync(0, 'utf8'));
    const app = await bootstrap();
    const result = await populate(app, order);
    fs.writeFileSync(process.env.PEER_SEEDED, JSON.stringify(result));
    await app.close();
    process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
