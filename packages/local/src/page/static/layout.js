// @ts-check
/**
 * Where things are drawn: in columns where there is room, one below the other where there is little.
 *
 * @module
 */

/** @typedef {import('./graph.js').Graph} Graph */
/** @typedef {import('./graph.js').GraphNode} GraphNode */
/** @typedef {{ node: GraphNode; x: number; y: number; width: number }} Placed */
/** @typedef {{ text: string; x: number; y: number }} Heading */
/** @typedef {{ width: number; height: number; isNarrow: boolean; placed: Map<string, Placed>; headings: Heading[] }} Layout */

export const NODE_HEIGHT = 46;
const ROW = NODE_HEIGHT + 14;
const HEAD = 26;
const WIDEST = 230;
/** The least that is left between two columns, and beside a single one: lines run there. */
const LANE = 44;
/** What is left beside a single column: all lines run there. */
const GUTTER = 68;
const NARROW = 560;
/** Rows that are seen at once; where there are more, all columns begin at the top. */
const SEEN = 10;

/** @param {Graph} graph @param {readonly string[]} titles of the columns @param {number} width @returns {Layout} */
export function layOut(graph, titles, width) {
  const columns = titles
    .map((text, column) => ({ text, nodes: graph.nodes.filter((node) => node.column === column) }))
    .filter(({ nodes }) => nodes.length > 0);
  untangle(
    columns.map(({ nodes }) => nodes),
    graph,
  );
  return width < NARROW ? stacked(columns, width) : sideBySide(columns, width);
}

/** @typedef {{ text: string; nodes: GraphNode[] }} Column */

/** @param {Column[]} columns @param {number} width @returns {Layout} */
function sideBySide(columns, width) {
  const nodeWidth = Math.min(WIDEST, (width - (columns.length - 1) * LANE) / columns.length);
  const lane =
    columns.length > 1 ? Math.min(140, (width - nodeWidth * columns.length) / (columns.length - 1)) : 0;
  const rows = Math.max(...columns.map(({ nodes }) => nodes.length));
  const placed = new Map();
  const headings = columns.map(({ text, nodes }, column) => {
    const x = column * (nodeWidth + lane);
    const top = HEAD + (rows > SEEN ? 0 : ((rows - nodes.length) * ROW) / 2);
    nodes.forEach((node, row) => placed.set(node.key, { node, x, y: top + row * ROW, width: nodeWidth }));
    return { text, x, y: top - 10 };
  });
  return { width, height: HEAD + rows * ROW - 10, isNarrow: false, placed, headings };
}

/** @param {Column[]} columns @param {number} width @returns {Layout} */
function stacked(columns, width) {
  const placed = new Map();
  const headings = [];
  let y = 0;
  for (const { text, nodes } of columns) {
    headings.push({ text, x: 0, y: y + 16 });
    y += HEAD;
    for (const node of nodes) {
      placed.set(node.key, { node, x: 0, y, width: width - GUTTER });
      y += ROW - 4;
    }
    y += 10;
  }
  return { width, height: y - 10, isNarrow: true, placed, headings };
}

/** Puts what belongs together at the same height. @param {GraphNode[][]} columns @param {Graph} graph */
function untangle(columns, { edges }) {
  for (const turn of [1, 0, 2, 3, 1, 0, 2, 3]) {
    const column = columns[turn];
    if (column === undefined) continue;
    const heights = new Map(
      columns.flatMap((nodes) =>
        nodes.map(({ key }, row) => /** @type {const} */ ([key, (row + 0.5) / nodes.length])),
      ),
    );
    const own = new Set(column.map(({ key }) => key));
    /** @param {GraphNode} node */
    const wanted = ({ key }) => {
      const beside = edges.flatMap(({ from, to }) =>
        from === key && !own.has(to) ? [to] : to === key && !own.has(from) ? [from] : [],
      );
      if (beside.length === 0) return heights.get(key) ?? 0;
      return beside.reduce((sum, other) => sum + (heights.get(other) ?? 0), 0) / beside.length;
    };
    const order = new Map(column.map((node) => [node.key, wanted(node)]));
    column.sort((one, other) => (order.get(one.key) ?? 0) - (order.get(other.key) ?? 0));
  }
}

/**
 * The line of an edge. What a function is given and what invokes it meet a node at different heights.
 *
 * @param {Layout} layout
 * @param {import('./graph.js').GraphEdge} edge
 */
export function lineOf({ placed, isNarrow, width, height }, { from, to, how }) {
  const start = placed.get(from);
  const end = placed.get(to);
  if (start === undefined || end === undefined) return '';
  const shift = how === 'given' ? -8 : 8;
  const y1 = start.y + NODE_HEIGHT / 2 + (isNarrow ? 6 : shift);
  const y2 = end.y + NODE_HEIGHT / 2 + (isNarrow ? -6 : shift);
  if (isNarrow || start.x === end.x) {
    const x1 = start.x + start.width;
    const room = isNarrow ? width - x1 - 4 : LANE - 14;
    // The further it goes, the further it keeps away, so that lines stay apart.
    const bulge = (12 + (room - 12) * Math.sqrt(Math.min(1, Math.abs(y2 - y1) / height))) / 0.75;
    return `M${x1},${y1} C${x1 + bulge},${y1} ${x1 + bulge},${y2} ${x1 + 3},${y2}`;
  }
  const forward = end.x > start.x;
  const x1 = forward ? start.x + start.width : start.x;
  const x2 = forward ? end.x - 3 : end.x + end.width + 3;
  const bend = Math.max(18, Math.abs(x2 - x1) / 2) * (forward ? 1 : -1);
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
