// @ts-check
/**
 * One stop of the tabulator for many things; arrows go from one to the next.
 *
 * @module
 */

/**
 * @param {Element} container
 * @param {string} selector what is gone through
 * @param {{ fromFirst?: boolean }} [options] `fromFirst`: begins with the first again, whenever it is come to
 */
export function rove(container, selector, { fromFirst = false } = {}) {
  const all = () => /** @type {(HTMLElement | SVGElement)[]} */ ([...container.querySelectorAll(selector)]);
  /** @param {HTMLElement | SVGElement | undefined} chosen */
  const choose = (chosen) => {
    for (const one of all()) one.setAttribute('tabindex', one === chosen ? '0' : '-1');
  };
  container.addEventListener('focusin', ({ target }) => {
    const one = target instanceof Element ? target.closest(selector) : null;
    if (one !== null) choose(/** @type {HTMLElement} */ (one));
  });
  container.addEventListener('keydown', (event) => {
    const { key, altKey, ctrlKey, metaKey } = /** @type {KeyboardEvent} */ (event);
    if (altKey || ctrlKey || metaKey) return;
    const there = all();
    const at = there.findIndex((one) => one === document.activeElement);
    if (at < 0) return;
    const to = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: there.length - 1,
    }[key];
    if (to === undefined) return;
    event.preventDefault();
    there[Math.max(0, Math.min(there.length - 1, to))]?.focus();
  });
  /** To be called when things came or went. */
  return () => {
    const there = all();
    if (fromFirst && !container.contains(document.activeElement)) choose(there[0]);
    else if (!there.some((one) => one.getAttribute('tabindex') === '0')) choose(there[0]);
    for (const one of there) if (!one.hasAttribute('tabindex')) one.setAttribute('tabindex', '-1');
  };
}
