// @ts-check
/**
 * Files dropped onto a bucket, in the drawing or where it is open. Dropped elsewhere they do nothing.
 *
 * @module
 */
import { dropOnto } from './bucket.js';

export function takeDrops() {
  /** @type {Element | undefined} */
  let over;
  /** @param {Element | undefined} target */
  const mark = (target) => {
    over?.classList.remove('over');
    over = target;
    over?.classList.add('over');
  };
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    const target = targetOf(event.target);
    event.dataTransfer.dropEffect = target === undefined ? 'none' : 'copy';
    mark(target);
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(undefined);
  });
  addEventListener('drop', (event) => {
    const files = event.dataTransfer?.files;
    if (files === undefined || files.length === 0) return;
    event.preventDefault();
    mark(undefined);
    const target = targetOf(event.target);
    const id =
      target?.getAttribute('data-bucket') ?? target?.getAttribute('data-key')?.replace('bucket/', '');
    if (id !== undefined) dropOnto(id, files);
  });
}

/** @param {EventTarget | null} place */
function targetOf(place) {
  return place instanceof Element ? (place.closest('[data-bucket], a.bucket') ?? undefined) : undefined;
}
