// Stands in for the native add-on of Lambda's runtime client, which takes a compiler and minutes to build: it only
// posts answers and errors to the Runtime API. Everything else that runs is the client's own code.
const http = require('node:http');
const Module = require('node:module');

const [hostname, port] = String(process.env.AWS_LAMBDA_RUNTIME_API).split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function post(path, body, headers = {}) {
  const request = http.request({
    agent,
    hostname,
    port,
    method: 'POST',
    path: `/2018-06-01/runtime/invocation/${path}`,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
  });
  request.on('response', (response) => response.resume());
  request.end(body);
}

const addOn = {
  initializeClient() {},
  next: () => Promise.reject(new Error('The client polls by itself here')),
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) =>
    post(`${id}/error`, body, { 'lambda-runtime-function-error-type': JSON.parse(body).errorType }),
};

/* oxlint-disable no-underscore-dangle -- Node.js calls its hook so */
const load = Module._load;
Module._load = function loadOrStandIn(request, ...rest) {
  return request.endsWith('rapid-client.node') ? addOn : load.call(this, request, ...rest);
};
