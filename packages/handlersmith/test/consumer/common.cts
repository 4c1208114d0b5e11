// CommonJS callers get the same types.
import http = require('handlersmith/http');
import testing = require('@handlersmith/testing');

const handler = http.httpHandler({ logger: false }, ({ context }) =>
  http.created({ id: context.awsRequestId }),
);

module.exports = async (): Promise<number> => (await testing.request(handler, 'POST /items')).status;
