/**
 * Who may talk to the page's server: programs of this machine that know its token. A web page elsewhere does not know
 * it, whatever name it gives this address and whatever it makes a browser send.
 *
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names by which this machine calls itself; one that a web page had point here is none of them. */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/iu;

/**
 * Cookies are of a host, whatever the port: two apps on one machine have two names.
 *
 * @param port - the page's
 */
export function cookieName(port: number | undefined): string {
  return `handlersmith-${port ?? 0}`;
}

export interface Refused {
  readonly status: 401 | 403;
  readonly why: string;
}

/** Why a request is not served; undefined where it is. */
export function refusalOf(request: IncomingMessage, token: string): Refused | undefined {
  const stranger = strangeness(request);
  if (stranger !== undefined) return { status: 403, why: stranger };
  return isToken(givenToken(request), token)
    ? undefined
    : { status: 401, why: 'The token is missing or wrong. Open the address that was printed at the start.' };
}

/** What of a request shows that it does not come from this machine's own page or programs. */
export function strangeness(request: IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  if (!LOOPBACK.test(host)) return 'Not called by a name of this machine.';
  if (origin !== undefined && origin !== `http://${host}`) return 'Called by another web page.';
  // A link may lead to the page, from wherever it stands; nobody but the page asks its API.
  const isLink = request.method === 'GET' && !(request.url ?? '/').startsWith('/api/');
  if ((site === 'cross-site' || site === 'same-site') && !isLink) return 'Called by another web page.';
  return undefined;
}

/** From the header of a program, or the cookie of the page. */
function givenToken(request: IncomingMessage): string {
  const [, bearer] = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer;
  const cookies = (request.headers.cookie ?? '').split(/;\s*/u);
  const start = `${cookieName(request.socket.localPort)}=`;
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length) ?? '';
}

/** Takes the same time wherever they differ. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
