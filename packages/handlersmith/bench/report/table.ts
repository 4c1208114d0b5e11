/**
 * Tables that read as text and as Markdown.
 *
 * @module
 */

/**
 * @param head - column titles
 * @param rows - as many cells each
 * @param textColumns - how many columns from the left hold text and are aligned left; the others hold figures
 * @returns a Markdown table, padded for a terminal
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 1,
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column < textColumns ? text.padEnd(width) : text.padStart(width);
  };
  const line = (cells: readonly string[]): string => `| ${cells.map(pad).join(' | ')} |`;
  const rules = widths.map((width, column) =>
    column < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rules), ...rows.map(line)].join('\n');
}
