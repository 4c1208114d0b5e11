/**
 * Conditional writes under way, and the deletes that come in between.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */

/** Somebody who wants to write a key on a condition. */
export interface Attempt {
  /** Whether the key was deleted since the attempt began. */
  readonly disturbed: () => boolean;
  readonly end: () => void;
}

export interface Attempts {
  readonly begin: (bucket: string, key: string) => Attempt;
  /** Tells all who want to write the key that it was deleted. */
  disturb(bucket: string, key: string): void;
}

export function attemptsByKey(): Attempts {
  const waiting = new Map<string, Set<{ disturbed: boolean }>>();
  return {
    begin(bucket, key) {
      const name = `${bucket}/${key}`;
      const attempt = { disturbed: false };
      const others = waiting.get(name) ?? new Set();
      waiting.set(name, others.add(attempt));
      return {
        disturbed: () => attempt.disturbed,
        end() {
          others.delete(attempt);
          if (others.size === 0 && waiting.get(name) === others) waiting.delete(name);
        },
      };
    },
    disturb(bucket, key) {
      for (const attempt of waiting.get(`${bucket}/${key}`) ?? []) attempt.disturbed = true;
    },
  };
}
