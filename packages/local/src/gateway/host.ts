/**
 * By which names a gateway may be called. A web page can have its own name point to this machine, and would then be
 * answered as if it had asked itself: names that anybody can own are refused unless somebody here has allowed them.
 *
 * @module
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Host
 */

/** An address, or a name without a dot: nobody else can make them point here. */
const NOBODYS = /^(?:\[[^\]]*\]|\d+\.\d+\.\d+\.\d+|[^.]*)$/u;

/** No public name ends so. */
const PRIVATE = /\.(?:localhost|local|internal|test)$/u;

/**
 * Prepares the check of `Host`.
 *
 * @param allowed - further names; `*.example.com` stands for all below it, `*` for any
 * @returns says whether a gateway answers; programs that send no `Host` are no browsers
 */
export function hostCheck(allowed: readonly string[]): (host: string | undefined) => boolean {
  const names = allowed.map((name) => name.toLowerCase());
  const isAllowed = (name: string): boolean =>
    names.some((one) => one === '*' || one === name || (one.startsWith('*.') && name.endsWith(one.slice(1))));
  return (host = '') => {
    const name = host.replace(/:\d*$/u, '').replace(/\.$/u, '').toLowerCase();
    return NOBODYS.test(name) || PRIVATE.test(name) || isAllowed(name);
  };
}
