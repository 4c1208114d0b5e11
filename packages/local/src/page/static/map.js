// @ts-check
/**
 * Draws the app: doors, functions, stores, and what leads from one to the other. Counts change in place.
 *
 * @module
 */
import { countOfNode } from './counts.js';
import { byId, drawn, element, keep, setText } from './element.js';
import { fitted, widthOf } from './fit.js';
import { COLUMNS, graphOf, KINDS } from './graph.js';
import { layOut, lineOf, NODE_HEIGHT } from './layout.js';
import { rove } from './roving.js';
import { onChange, onState, state } from './state.js';

/** @typedef {import('./graph.js').GraphNode} GraphNode */

/** Milliseconds a function is shown as just invoked. */
const FLASH = 700;
/** As map.css has them: what a name and its count are written in, and what stands below. */
const [NAME, COUNT, BELOW] = ['580 13.5px', '600 13.5px', '400 11.5px'];
/** Pixels at the left and right of a box, and between two texts. */
const [LEFT, RIGHT, APART] = [14, 12, 6];

export function showMap() {
  const place = byId('map', HTMLElement);
  const settle = rove(place, 'a.node');
  /** What is drawn now. */
  let drawing = '';
  /** @type {import('./graph.js').Graph | undefined} */
  let graph;

  const draw = () => {
    const { app } = state;
    const width = Math.floor(place.clientWidth);
    if (app === undefined || width === 0) return;
    const mailing = mailers();
    const key = `${width} ${app.file} ${JSON.stringify([app.functions, app.triggers, app.gateways, mailing])}`;
    if (key !== drawing) {
      drawing = key;
      graph = graphOf(app, mailing);
      const focused = place.contains(document.activeElement) && document.activeElement?.getAttribute('href');
      place.replaceChildren(picture(graph, width));
      const again = focused && place.querySelector(`a[href="${CSS.escape(focused)}"]`);
      if (again instanceof SVGElement) again.focus({ preventScroll: true });
      settle();
      showFindings(app.findings);
    }
    for (const node of graph?.nodes ?? []) update(place, node);
  };
  onState(draw);
  new ResizeObserver(draw).observe(place);
  onChange((change) => {
    if (change.change === 'begin') flash(place, `#/function/${change.entry.function}`);
  });
  place.addEventListener('pointerover', ({ target }) => light(place, target));
  place.addEventListener('focusin', ({ target }) => light(place, target));
  place.addEventListener('pointerleave', () => light(place, null));
  place.addEventListener('focusout', () => light(place, null));
}

/** @param {import('./graph.js').Graph} graph @param {number} width */
function picture(graph, width) {
  const layout = layOut(graph, COLUMNS, width);
  const height = layout.height + 4;
  const svg = drawn('svg', {
    viewBox: `-2 -2 ${width + 4} ${height}`,
    width,
    height,
    role: 'group',
    'aria-label': 'The app, drawn',
  });
  svg.append(drawn('defs', {}, arrow()));
  for (const { text, x, y } of layout.headings)
    svg.append(drawn('text', { x, y, class: 'column', 'aria-hidden': 'true' }, text));
  for (const edge of graph.edges) {
    svg.append(
      drawn(
        'path',
        {
          d: lineOf(layout, edge),
          class: `edge ${edge.how}`,
          'data-from': hrefOf(edge.from),
          'data-to': hrefOf(edge.to),
          'marker-end': 'url(#arrow)',
        },
        drawn('title', {}, edge.title),
      ),
    );
  }
  // In the order in which they are read: arrows go through them so.
  for (const placed of layout.placed.values()) svg.append(box(placed));
  return svg;
}

/** The end of a line. */
function arrow() {
  const shape = {
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerWidth: 9,
    markerHeight: 9,
    markerUnits: 'userSpaceOnUse',
    orient: 'auto',
  };
  return drawn(
    'marker',
    { id: 'arrow', ...shape, class: 'arrow' },
    drawn('path', { d: 'M0,0.8 L7,4 L0,7.2 z' }),
  );
}

/** @param {import('./layout.js').Placed} placed */
function box({ node, x, y, width }) {
  return drawn(
    'a',
    {
      href: hrefOf(node.key),
      class: `node ${node.kind}`,
      transform: `translate(${x} ${y})`,
      'data-key': node.key,
    },
    drawn('title', {}),
    drawn('rect', { width, height: NODE_HEIGHT, rx: 9, class: 'box' }),
    drawn('rect', { x: 0.5, y: 9, width: 3.5, height: NODE_HEIGHT - 18, rx: 1.75, class: 'mark' }),
    drawn('text', { x: LEFT, y: 20, class: 'label' }),
    drawn('text', { x: LEFT, y: 36, class: 'what' }),
    drawn('text', { x: width - RIGHT, y: 20, class: 'count', 'text-anchor': 'end' }),
    drawn('text', { x: width - RIGHT, y: 36, class: 'more', 'text-anchor': 'end' }),
  );
}

/** Functions that sent mails: no template says which do. */
function mailers() {
  const causes = state.notes.flatMap((note) => (note.kind === 'mail' ? note.causes : []));
  return [...new Set(causes.flatMap((cause) => state.entries.get(cause)?.function ?? []))].toSorted();
}

/** @param {string} key */
export const hrefOf = (key) => `#/${key.split('/').map(encodeURIComponent).join('/')}`;

/** @param {HTMLElement} place @param {GraphNode} node */
function update(place, node) {
  const found = place.querySelector(`[data-key="${CSS.escape(node.key)}"]`);
  if (found === null) return;
  const { count, more, words, isWrong } = countOfNode(node);
  const room = Number(found.querySelector('.box')?.getAttribute('width')) - LEFT - RIGHT;
  const left = room - (count === '' ? 0 : widthOf(count, COUNT) + APART);
  const what = node.kind === 'mails' ? 'sent' : KINDS[node.kind].toLowerCase();
  const both = widthOf(what, BELOW) + APART + widthOf(more, BELOW);
  const texts = {
    title: `${node.kind === 'mails' ? 'Mails' : `${KINDS[node.kind]} ${node.id}`}: ${words}`,
    '.label': fitted(node.id, NAME, left),
    '.count': count,
    '.what': more === '' || both <= room ? what : '',
    '.more': fitted(more, BELOW, room),
  };
  for (const [part, text] of Object.entries(texts)) {
    const written = found.querySelector(part);
    if (written) setText(written, text);
  }
  found.classList.toggle('wrong', isWrong);
  if (location.hash === found.getAttribute('href')) found.setAttribute('aria-current', 'true');
  else found.removeAttribute('aria-current');
}

/** @param {HTMLElement} place @param {string} href */
function flash(place, href) {
  const node = place.querySelector(`a[href="${CSS.escape(href)}"]`);
  if (node === null || node.classList.contains('flash')) return;
  node.classList.add('flash');
  setTimeout(() => node.classList.remove('flash'), FLASH);
}

/** Shows the lines of one node above the others. @param {HTMLElement} place @param {EventTarget | null} target */
function light(place, target) {
  const href = target instanceof Element ? target.closest('a.node')?.getAttribute('href') : undefined;
  place.classList.toggle('lit', Boolean(href));
  for (const edge of place.querySelectorAll('.edge'))
    edge.classList.toggle(
      'lit',
      Boolean(href) && [edge.getAttribute('data-from'), edge.getAttribute('data-to')].includes(href ?? ''),
    );
}

/** What of the template is not played. @param {readonly import('../../template/app.ts').Finding[]} findings */
function showFindings(findings) {
  const place = byId('findings', HTMLDetailsElement);
  place.hidden = findings.length === 0;
  const [summary, list] = [place.querySelector('summary'), place.querySelector('ul')];
  if (summary === null || list === null) return;
  setText(summary, `${findings.length} of the template not played here`);
  keep(
    list,
    findings,
    ({ place: { line }, message }) => `${line} ${message}`,
    ({ place: { line }, message }) => element('li', {}, `Line ${line}: ${message}`),
  );
}
