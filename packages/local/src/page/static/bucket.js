// @ts-check
/**
 * A bucket: its objects, and a place to drop files on.
 *
 * @module
 */
import { element, keep, setText } from './element.js';
import { code, facts, field, section } from './form.js';
import { countOf, dateOf, sizeOf } from './format.js';
import { recount } from './live.js';
import { call, messageOf, pathOf } from './server.js';

/** @typedef {{ key: string; size: number; modified: string; etag: string }} Listed */

/** Bytes of a text that are shown. */
const SHOWN = 64 * 1024;

/** Files dropped onto a bucket before its view is open. @type {Map<string, FileList>} */
const waiting = new Map();
/** Views that are open take files. @type {Map<string, (files: FileList) => void>} */
const takers = new Map();

/** Opens a bucket and puts files into it. @param {string} id @param {FileList} files */
export function dropOnto(id, files) {
  const take = takers.get(id);
  if (take !== undefined) {
    take(files);
    return;
  }
  waiting.set(id, files);
  location.hash = `#/bucket/${encodeURIComponent(id)}`;
}

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function bucketView(app, id) {
  const bucket = app.buckets.find((one) => one.id === id);
  if (bucket === undefined) return undefined;
  const triggers = app.triggers.filter((trigger) => trigger.type === 's3' && trigger.bucket === id);
  const before =
    triggers
      .map((trigger) => (trigger.type === 's3' ? trigger.prefix : undefined))
      .find((prefix) => prefix !== undefined) ?? '';
  const prefix = element('input', {
    type: 'text',
    value: before,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  });
  const outcome = element('output', { class: 'outcome' });
  const fault = element('p', { class: 'fault', role: 'alert', hidden: true });
  const list = element('ul', { class: 'things' });
  const empty = element('p', { class: 'empty', hidden: true }, 'No objects. Drop a file above.');
  const cut = element('p', { class: 'quiet', hidden: true }, 'There are more than these 100.');

  const refresh = async () => {
    const { objects, truncated } = await call(pathOf('buckets', bucket.name));
    keep(
      list,
      objects,
      (/** @type {Listed} */ { key, etag, modified }) => `${key} ${etag} ${modified}`,
      (one) => objectLine(bucket.name, one),
    );
    empty.hidden = objects.length > 0;
    cut.hidden = !truncated;
  };
  /** @param {FileList} files */
  const put = async (files) => {
    fault.hidden = true;
    setText(outcome, `Putting ${countOf(files.length, 'file')}…`);
    try {
      // One after the other: there is one disk, and the order stays.
      // oxlint-disable-next-line no-await-in-loop
      for (const file of files) await putFile(bucket.name, `${prefix.value}${file.name}`, file);
      setText(outcome, `${countOf(files.length, 'file')} put.`);
      recount();
      await refresh();
    } catch (error) {
      setText(outcome, '');
      setText(fault, messageOf(error));
      fault.hidden = false;
    }
  };
  /** @param {FileList} files */
  const take = (files) => void put(files);
  const input = element('input', {
    type: 'file',
    multiple: true,
    onchange: () => {
      if (input.files !== null) take(input.files);
    },
  });
  takers.set(id, take);
  const dropped = waiting.get(id);
  waiting.delete(id);
  if (dropped !== undefined) take(dropped);
  return {
    kind: 'Bucket',
    title: id,
    body: [
      facts([
        ['Name', bucket.name],
        ['Versions', bucket.versioned ? 'kept' : 'not kept'],
      ]),
      section(
        'Put files',
        element(
          'div',
          { class: 'drop', 'data-bucket': id },
          field('Drop files here, or choose', input),
          field('Key begins with', prefix),
          outcome,
          fault,
        ),
      ),
      section('Objects', list, empty, cut),
    ],
    refresh,
    leave: () => void takers.delete(id),
  };
}

/** @param {string} bucket @param {string} key @param {File} file */
function putFile(bucket, key, file) {
  return call(objectPath(bucket, key), {
    method: 'POST',
    body: file,
    headers: { 'content-type': file.type || 'application/octet-stream' },
  });
}

/** @param {string} bucket @param {string} key */
const objectPath = (bucket, key) => `${pathOf('buckets', bucket, 'object')}?key=${encodeURIComponent(key)}`;

const isImage = (/** @type {string} */ key) => /\.(?:jpe?g|png|gif|webp|avif|svg)$/iu.test(key);

/** @param {string} bucket @param {Listed} object */
function objectLine(bucket, { key, size, modified }) {
  const path = objectPath(bucket, key);
  const content = element('div', {});
  const open = async () => {
    if (content.childElementCount > 0) return;
    content.replaceChildren(
      element('p', {}, element('a', { href: path, download: key.split('/').at(-1) ?? key }, 'Download')),
    );
    try {
      content.append(await contentOf(path, size));
    } catch (error) {
      content.append(element('p', { class: 'fault', role: 'alert' }, messageOf(error)));
    }
  };
  return element(
    'li',
    {},
    element(
      'details',
      { ontoggle: () => void open() },
      element(
        'summary',
        { class: 'object' },
        isImage(key) && element('img', { src: path, alt: '', loading: 'lazy', width: 40, height: 40 }),
        element('strong', {}, key),
        ' ',
        element('span', { class: 'quiet' }, `${sizeOf(size)} · ${dateOf(Date.parse(modified))}`),
      ),
      content,
    ),
  );
}

/** @param {string} path @param {number} size */
async function contentOf(path, size) {
  if (size > 32 * 1024 * 1024) return element('p', { class: 'empty' }, 'Too large to be shown.');
  const answer = await fetch(path);
  if (!answer.ok) throw new Error('It cannot be read any more.');
  const type = answer.headers.get('content-type') ?? '';
  if (type.startsWith('image/')) return element('img', { src: path, alt: 'The object', class: 'shown' });
  const blob = await answer.blob();
  if (
    !/^text\/|json|xml|javascript|csv/u.test(type) &&
    blob.size > 0 &&
    (await blob.slice(0, 512).text()).includes('\0')
  )
    return element('p', { class: 'empty' }, `Not text: ${type}.`);
  const text = await blob.slice(0, SHOWN).text();
  return code(blob.size > SHOWN ? `${text}…` : text, 'Content');
}
