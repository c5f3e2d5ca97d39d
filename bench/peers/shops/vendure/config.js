// Vendure as a shop to be measured: its defaults, the payment handler that always succeeds, one process of each kind.
const { DefaultJobQueuePlugin, DefaultSearchPlugin, dummyPaymentHandler, LogLevel, DefaultLogger } = require('@vendure/core');
const home = process.env.PEER_HOME;
// postgresql://user@/name?host=%2Ffolder%2Fof%2Fsocket: not an address that URL() takes
const database = /^postgresql:\/\/([^@]*)@\/([^?]*)\?host=(.*)$/.exec(process.env.PEER_DATABASE_URL || '');

exports.config = {
    apiOptions: { port: Number(process.env.PEER_PORT || 8141), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
        tokenMethod: ['bearer', 'cookie'],
        superadminCredentials: { identifier: 'bench', password: 'benchmark-only' },
        cookieOptions: { secret: 'benchmark' },
        requireVerification: false,
    },
    dbConnectionOptions: database
        ? {
              type: 'postgres', synchronize: true, logging: false,
              host: decodeURIComponent(database[3]), username: database[1], database: database[2], poolSize: 20,
          }
        : { type: 'better-sqlite3', synchronize: true, logging: false, database: `${home}/vendure.sqlite`, enableWAL: true, timeout: 60000 },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    importExportOptions: { importAssetsDir: home },
    plugins: [DefaultJobQueuePlugin.init({ pollInterval: 1000 }), DefaultSearchPlugin.init({ bufferUpdates: false })],
    logger: new DefaultLogger({ level: LogLevel.Error }),
};
