// @ts-check
/**
 * Calls of the server's API.
 *
 * @module
 */

/**
 * @template [Answer=any]
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Answer>}
 * @throws Error that says what the server says
 */
export async function call(path, init = {}) {
  let answer;
  try {
    answer = await fetch(path, init);
  } catch (cause) {
    throw new Error('The server does not answer.', { cause });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Error(typeof body.error === 'string' ? body.error : `The server answered ${answer.status}.`);
  return body;
}

/**
 * @template [Answer=any]
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
export function post(path, body = {}) {
  return call(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}

/** @param {readonly string[]} parts */
export const pathOf = (...parts) => `/api/${parts.map(encodeURIComponent).join('/')}`;

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
