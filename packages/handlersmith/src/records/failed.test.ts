import { describe, expect, it } from 'vitest';

import { failureOf, RecordsFailed } from './failed.ts';
import { inWords } from './refusal.ts';

describe('failureOf', () => {
  it('S4 gathers what failed for now, for good, and for want of time', () => {
    const [now, good] = [new Error('now'), new Error('for good')];
    const failure = failureOf('S3', [
      { status: 'done', result: 1 },
      { status: 'retry', error: now },
      { status: 'permanent', error: good },
      { status: 'unstarted' },
      { status: 'skipped', reason: 'seen' },
      { status: 'discarded', error: now, how: 'dropped' },
    ]);
    expect(failure).toBeInstanceOf(RecordsFailed);
    expect(failure?.message).toBe('3 of 6 S3 records failed: Error: now');
    expect(failure?.errors).toEqual([
      now,
      good,
      expect.objectContaining({ message: expect.stringContaining('time') }),
    ]);
  });

  it('S4 is none where nothing failed, and tells nothing of what is no error', () => {
    expect(
      failureOf('S3', [
        { status: 'done', result: 1 },
        { status: 'skipped', reason: 'seen' },
      ]),
    ).toBeUndefined();
    expect(failureOf('SNS', [{ status: 'retry', error: 'secret' }])?.message).toBe(
      '1 of 1 SNS records failed',
    );
  });
});

const issue = (pointer: string) => ({ pointer, message: 'expected a string', wrongType: false });

describe('inWords', () => {
  it('Q2 names each place, the whole as /', () => {
    expect(inWords([issue(''), issue('/a')])).toBe('/: expected a string; /a: expected a string');
  });

  it('Q2 names ten of them, and counts the rest', () => {
    const issues = Array.from({ length: 12 }, (_, index) => issue(`/${index}`));
    expect(inWords(issues.slice(0, 10))).not.toContain('more');
    expect(inWords(issues)).toMatch(/\/9: expected a string; and 2 more$/);
  });
});
