// @ts-check
/**
 * A gateway: its routes, and a request to send.
 *
 * @module
 */
import { element } from './element.js';
import { actionForm, code, facts, field, link, section } from './form.js';
import { durationOf, pretty } from './format.js';
import { hrefOf } from './map.js';
import { post } from './server.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** @type {Record<string, string>} */
const KINDS = {
  'http-api': 'HTTP API',
  'rest-api': 'REST API',
  'function-url': 'Function URL',
  alb: 'Load balancer',
};

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function gatewayView(app, id) {
  const gateway = app.gateways.find((one) => one.id === id);
  if (gateway === undefined) return undefined;
  const url = app.urls[id] ?? '';
  const method = element('select', {}, ...METHODS.map((one) => element('option', {}, one)));
  const path = element('input', {
    type: 'text',
    value: '/',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  });
  const headers = element('textarea', {
    rows: 2,
    spellcheck: 'false',
    placeholder: 'content-type: application/json',
  });
  const body = element('textarea', { rows: 4, spellcheck: 'false' });
  const file = element('input', {
    type: 'file',
    onchange: () => {
      if (file.files?.length && ['GET', 'HEAD'].includes(method.value)) method.value = 'POST';
    },
  });
  const send = actionForm(
    'Send',
    [
      element('div', { class: 'pair' }, field('Method', method), field('Path', path)),
      element(
        'details',
        {},
        element('summary', {}, 'Headers and body'),
        field('Headers, one a line', headers),
        field('Body', body),
        field('or a file', file),
      ),
    ],
    async () => {
      const chosen = file.files?.[0];
      const type = chosen && { 'content-type': chosen.type || 'application/octet-stream' };
      return answerOf(
        await post('/api/request', {
          gateway: id,
          method: method.value,
          path: path.value.startsWith('/') ? path.value : `/${path.value}`,
          headers: { ...type, ...headersOf(headers.value) },
          body: chosen === undefined ? body.value : await base64Of(chosen),
          base64: chosen !== undefined,
        }),
      );
    },
  );
  const details = send.querySelector('details');

  /** @param {import('../../template/app.ts').AppRoute} route */
  const choose = (route) => {
    method.value = route.method === 'ANY' || route.method === '$default' ? 'GET' : route.method;
    path.value = route.path.startsWith('/') ? route.path : '/';
    if (details !== null) details.open = !['GET', 'HEAD'].includes(method.value);
    path.focus();
    const hole = /\{[^}]+\}/u.exec(path.value);
    if (hole !== null) path.setSelectionRange(hole.index, hole.index + hole[0].length);
  };
  const [first] = gateway.routes;
  if (first !== undefined && first.path.startsWith('/')) path.value = first.path;
  if (first !== undefined && METHODS.includes(first.method)) method.value = first.method;
  if (details !== null) details.open = !['GET', 'HEAD'].includes(method.value);
  return {
    kind: KINDS[gateway.kind] ?? 'Gateway',
    title: id,
    body: [
      facts([
        ['URL', element('a', { href: url, target: '_blank', rel: 'noreferrer' }, url)],
        ['Stage', gateway.stage],
      ]),
      section('Send a request', send),
      section(
        'Routes',
        gateway.routes.length === 0
          ? element('p', { class: 'empty' }, 'It has none.')
          : element(
              'ul',
              { class: 'routes' },
              ...gateway.routes.map((route) =>
                element(
                  'li',
                  {},
                  element(
                    'button',
                    { type: 'button', class: 'route', onclick: () => choose(route) },
                    element('b', {}, route.method),
                    ` ${route.path}`,
                  ),
                  link(route.function, hrefOf(`function/${route.function}`)),
                  route.authorizer !== undefined && element('span', { class: 'tag' }, route.authorizer.kind),
                ),
              ),
            ),
      ),
    ],
  };
}

/** @param {string} text @returns {Record<string, string>} */
function headersOf(text) {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/u.exec(line) ?? [];
        if (name === undefined || value === undefined) throw new Error(`This is no header: ${line}`);
        return [name.toLowerCase(), value];
      }),
  );
}

/** @param {File} file @returns {Promise<string>} */
async function base64Of(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = '';
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    letters += String.fromCodePoint(...bytes.subarray(at, at + 8192));
  return btoa(letters);
}

/** @param {{ status: number; headers: [string, string][]; body: string; base64: boolean; duration: number }} answer */
function answerOf({ status, headers, body, base64, duration }) {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const shown =
    base64 && type.startsWith('image/')
      ? element('img', {
          src: `data:${type.split(';')[0]};base64,${body}`,
          alt: 'The answer',
          class: 'shown',
        })
      : code(base64 ? body : pretty(body), 'Body of the answer');
  return element(
    'div',
    {},
    element(
      'p',
      {},
      element('span', { class: 'badge', 'data-kind': status < 400 ? 'ok' : 'failed' }, String(status)),
      ` in ${durationOf(duration)}`,
    ),
    body === '' ? element('p', { class: 'empty' }, 'No body.') : shown,
    element('details', {}, element('summary', {}, `${headers.length} headers`), facts(headers)),
  );
}
