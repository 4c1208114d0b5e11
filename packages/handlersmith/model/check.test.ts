import { describe, expect, it } from 'vitest';

import { budget, sortInFlight } from './adversary.ts';
import { check, exitCodeOf } from './check.ts';
import { ablations } from './configurations/ablations.ts';
import { breaks, holds, under, type Configuration } from './configurations/configuration.ts';
import { holding } from './configurations/holds.ts';
import { large } from './configurations/large.ts';
import { others } from './configurations/others.ts';
import { explore } from './engine/explore.ts';
import { invariants } from './invariants.ts';
import type { StageCommitOptions } from './stage-commit/options.ts';
import { stageCommit } from './stage-commit/protocol.ts';
import type { State } from './stage-commit/state.ts';

const breaking = [...ablations, ...others];

function named(name: string): Configuration {
  const found = [...holding, ...breaking].find((configuration) => configuration.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

function optionsOf(name: string): StageCommitOptions {
  const configuration = named(name);
  if (configuration.protocol !== 'stage-commit') throw new Error(`${name} is of another protocol`);
  return configuration.options;
}

function traceOf(name: string, invariant: string): readonly string[] {
  return check(named(name)).violations.find((violation) => violation.invariant === invariant)?.trace ?? [];
}

describe('the configurations', () => {
  const all = [...holding, ...breaking, ...large];

  it('have a name each', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it('say of each ablation what it must break', () => {
    expect(breaking.length).toBeGreaterThan(25);
    for (const { breaks: due } of breaking) {
      expect(due.length).toBeGreaterThan(0);
      expect(invariants).toEqual(expect.arrayContaining([...due]));
    }
  });

  it('break each invariant at least once', () => {
    const broken = new Set(breaking.flatMap(({ breaks: due }) => due));
    expect([...broken].toSorted()).toEqual([...invariants]);
  });
});

describe('what must break', () => {
  it.each(breaking.map((configuration) => [configuration.name, configuration] as const))(
    '%s breaks exactly that, and says how',
    (_name, configuration) => {
      const { asDue, violations } = check(configuration);
      expect(violations.map(({ invariant }) => invariant).toSorted()).toEqual(
        configuration.breaks.toSorted(),
      );
      expect(asDue).toBe(true);
      for (const { trace } of violations) expect(trace.length).toBeGreaterThan(2);
    },
  );
});

describe('what breaks without a part', () => {
  it.each(ablations.map((configuration) => [configuration.name, configuration] as const))(
    '%s holds with it',
    (name, configuration) => {
      if (configuration.protocol !== 'stage-commit' || !configuration.whole)
        throw new Error(`${name} does not say what it is with it`);
      expect(check(holds(name, '', configuration.whole))).toMatchObject({ violations: [], asDue: true });
    },
  );
});

describe('what must hold', () => {
  // Those that take a fraction of a second. `pnpm model` explores all.
  it.each(['F1', 'F6', 'F13', 'F14', 'F19', 'F20', 'F21', 'A2'])('%s holds', (name) => {
    const { asDue, cutOff, states, violations } = check(named(name));
    expect(violations).toEqual([]);
    expect({ asDue, cutOff }).toEqual({ asDue: true, cutOff: false });
    expect(states).toBeGreaterThan(3000);
  });
});

describe('traces', () => {
  it('A5: a blob deleted under a commit that is still on its way', () => {
    expect(traceOf('A5', 'I1')).toEqual([
      'A (create K P1) begins, W1 → goes on',
      'A (create K P1) W2 K/d0/g0.P1 → ok',
      'A (create K P1) W3 K/d0/g0.P1: no answer, gives up',
      'A (create K P1) W4 K/d0/g0.P1 → ok; W5 answers 503',
      'late W3 K/d0/g0.P1 is applied → ok',
    ]);
  });

  it('A3: a grace period does not protect a blob that is used again', () => {
    const trace = traceOf('A3', 'I1');
    expect(trace).toHaveLength(9);
    expect(trace).toContain('B (create K P1) W2 K/d0/g0.P1 → exists');
    expect(trace.at(-1)).toBe('sweeper 1 S5 K/d0/g0.P1 → ok');
  });

  it('A10: the row has to be read after the fence', () => {
    const trace = traceOf('A10', 'I1');
    const read = trace.findIndex((line) => line.startsWith('sweeper 1 S2'));
    const commit = trace.findIndex((line) => line.includes(' W3 '));
    const fence = trace.findIndex((line) => line.startsWith('sweeper 1 S3'));
    expect([read, commit, fence]).toEqual([read, commit, fence].toSorted((one, other) => one - other));
    expect(read).toBeGreaterThan(0);
  });

  it('PT1: a duplicate that was turned away deletes the record of the one at work', () => {
    const trace = traceOf('PT1', 'I2');
    expect(trace).toHaveLength(11);
    expect(trace).toContain('B (P1) saveInProgress → IdempotencyAlreadyInProgressError');
    expect(trace).toContain('B (P1) deleteRecord → ok');
    expect(trace.filter((line) => line.includes('ddb.put'))).toHaveLength(2);
  });

  it('C1: a blob that arrives after its row was swept is left for ever', () => {
    expect(traceOf('C1', 'I4')).toContain('late put K/attemptA is applied → ok');
  });
});

describe('orphans', () => {
  it('are one for each attempt with keys of attempts, one for each content with keys of content', () => {
    expect([check(named('A13')).orphans, check(named('A14')).orphans]).toEqual([3, 1]);
  });
});

describe('interchangeable invocations', () => {
  it.each(['F6', 'F14', 'A1', 'A3', 'A12', 'A15', 'A16'])('%s comes out the same without them', (name) => {
    const model = stageCommit(optionsOf(name));
    const reduced = explore(model);
    const full = explore<State>({ ...model, canonical: sortInFlight });
    const told = ({ violations }: typeof full): unknown =>
      violations.map(({ invariant, trace }) => `${invariant} ${trace.length}`).toSorted();
    expect(told(reduced)).toEqual(told(full));
    expect(reduced.states).toBeLessThan(full.states);
  });
});

describe('an outcome', () => {
  const fenceless = optionsOf('A1');

  it.each([
    ['breaks where it must hold', holds('X', 'x', fenceless)],
    ['holds where it must break', breaks('X', 'x', ['I1'], optionsOf('F20'), {})],
    ['breaks otherwise than it must', breaks('X', 'x', ['I2'], fenceless, {})],
    ['breaks more than it must', breaks('X', 'x', ['I6'], optionsOf('A9'), {})],
  ])('is wrong when it %s', (_what, configuration) => {
    const outcome = check(configuration);
    expect(outcome.asDue).toBe(false);
    expect(exitCodeOf([check(named('A5')), outcome])).toBe(1);
  });

  it('is wrong when not all was seen', () => {
    const outcome = check({ ...holds('X', 'x', optionsOf('F20')), limit: 100 });
    expect(outcome).toMatchObject({ cutOff: true, asDue: false, violations: [] });
  });

  it('is fine when all is as it must be', () => {
    expect(exitCodeOf([check(named('A5')), check(named('F20'))])).toBe(0);
  });
});

describe('a configuration with too many names', () => {
  it('is refused instead of explored wrongly', () => {
    const options = { invocations: under('create', 'P1', 'P2', 'P3'), budget: budget(1, 1, 9, 3) };
    expect(() => stageCommit(options)).toThrow(RangeError);
  });
});
