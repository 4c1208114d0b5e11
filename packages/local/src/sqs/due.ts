/**
 * Things that wait for their time.
 *
 * @module
 */

export interface DueList<Item> {
  add(at: number, item: Item): void;
  /** Takes the earliest one, where it is due by then. */
  take(now: number): { readonly at: number; readonly item: Item } | undefined;
  /** When the earliest is due. */
  earliest(): number | undefined;
}

/** A binary heap: adding and taking cost the logarithm of what waits. */
export function dueList<Item>(): DueList<Item> {
  const heap: { readonly at: number; readonly item: Item }[] = [];
  const at = (index: number): number => heap[index]?.at ?? Infinity;
  const swap = (one: number, other: number): void => {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  };
  const up = (index: number): void => {
    const parent = (index - 1) >> 1;
    if (index === 0 || at(parent) <= at(index)) return;
    swap(index, parent);
    up(parent);
  };
  const down = (index: number): void => {
    const left = 2 * index + 1;
    const child = at(left + 1) < at(left) ? left + 1 : left;
    if (at(index) <= at(child)) return;
    swap(index, child);
    down(child);
  };
  return {
    add(time, item) {
      heap.push({ at: time, item });
      up(heap.length - 1);
    },
    take(now) {
      const first = heap[0];
      if (first === undefined || first.at > now) return undefined;
      swap(0, heap.length - 1);
      heap.pop();
      down(0);
      return first;
    },
    earliest: () => heap[0]?.at,
  };
}
