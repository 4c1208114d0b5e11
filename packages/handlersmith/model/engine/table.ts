/**
 * All states met so far, each once, in the order they were met: bytes in pages, found by hash.
 *
 * @module
 */

const PAGE_BITS = 14;
const PAGE_STATES = 1 << PAGE_BITS;
const FIRST_SLOTS = 1 << 12;
/** Beyond this share of taken slots a search meets too many others. */
const FULL = 0.6;

interface Page {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly hashes: Uint32Array;
  readonly parents: Int32Array;
}

export interface StateTable {
  /** Bytes of one state, rounded up to whole words. */
  readonly stride: number;
  count(): number;
  /** The state's number, or -1 when it was there already. `state` is `stride` bytes, as words. */
  add(state: Uint32Array, parent: number): number;
  /** The number of the state this one was first reached from; -1 for the first. */
  parent(id: number): number;
  /** Hands the bytes of a state over, and where in them it begins. */
  open<Result>(id: number, use: (bytes: Uint8Array, position: number) => Result): Result;
}

export function stateTable(bytes: number): StateTable {
  const width = Math.ceil(bytes / 4);
  const stride = width * 4;
  const pages: Page[] = [];
  let count = 0;
  let slots = new Uint32Array(FIRST_SLOTS); // number of the state + 1; 0 is free

  const pageOf = (id: number): Page => {
    const page = pages[id >>> PAGE_BITS];
    if (!page) throw new RangeError(`there is no state ${id}`);
    return page;
  };

  function isAt(id: number, hash: number, state: Uint32Array): boolean {
    const page = pageOf(id);
    const index = id & (PAGE_STATES - 1);
    if (page.hashes[index] !== hash) return false;
    const from = index * width;
    for (let word = 0; word < width; word++) if (page.words[from + word] !== state[word]) return false;
    return true;
  }

  function widen(): void {
    slots = new Uint32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < count; id++) {
      let slot = (pageOf(id).hashes[id & (PAGE_STATES - 1)] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
  }

  return {
    stride,
    count: () => count,
    add: (state, parent) => {
      const hash = hashOf(state, width);
      const mask = slots.length - 1;
      let slot = hash & mask;
      for (let taken = slots[slot] ?? 0; taken !== 0; taken = slots[slot] ?? 0) {
        if (isAt(taken - 1, hash, state)) return -1;
        slot = (slot + 1) & mask;
      }
      const id = count++;
      const index = id & (PAGE_STATES - 1);
      if (index === 0) pages.push(emptyPage(stride));
      const page = pageOf(id);
      page.words.set(state, index * width);
      page.hashes[index] = hash;
      page.parents[index] = parent;
      slots[slot] = count;
      if (count > slots.length * FULL) widen();
      return id;
    },
    parent: (id) => pageOf(id).parents[id & (PAGE_STATES - 1)] ?? -1,
    open: (id, use) => use(pageOf(id).bytes, (id & (PAGE_STATES - 1)) * stride),
  };
}

function emptyPage(stride: number): Page {
  const bytes = new Uint8Array(stride * PAGE_STATES);
  return {
    bytes,
    words: new Uint32Array(bytes.buffer),
    hashes: new Uint32Array(PAGE_STATES),
    parents: new Int32Array(PAGE_STATES),
  };
}

/** Multiply and fold, word by word, with a final mix: neighbouring states must not fall into neighbouring slots. */
function hashOf(state: Uint32Array, width: number): number {
  let hash = 0x9747b28c;
  for (let word = 0; word < width; word++) {
    hash = Math.imul(hash ^ (state[word] ?? 0), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
