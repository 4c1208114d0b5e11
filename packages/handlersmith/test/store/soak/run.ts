/**
 * The long run of the store's fault tests, as long as there is time: `pnpm soak [--minutes 5] [--seed 1]`.
 * `--singles` and `--pairs` run all faults one or two at a time instead (of one `--mode`), `--case '…'` one case of the fault tests, and
 * `--kills 200` kills processes that write.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { crash } from '../crash/crash.ts';
import { pairsOf, singlesOf } from '../faults/cases.ts';
import { type Mode, modes } from '../faults/modes.ts';
import { caseNamed, type Runner, runnerFor } from '../faults/run.ts';
import { type Case, runCase } from '../faults/scenario.ts';
import { faults } from '../simulation/faults.ts';
import { startWorld, type World } from '../simulation/world.ts';
import { soak } from './soak.ts';

/** Attempts of each seed, beside the sweeps. */
const ATTEMPTS = 350;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'), // pnpm hands a leading one on
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    singles: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    mode: { type: 'string' },
    case: { type: 'string' },
    kills: { type: 'string' },
    attempts: { type: 'string', default: String(ATTEMPTS) },
  },
});

await using world = await startWorld();
if (values.case !== undefined) await again(world, values.case);
else if (values.kills !== undefined) await kill(world, Number(values.kills));
else if (values.singles) await cases(world, (run, mode) => singlesOf(run, mode, faults));
else if (values.pairs) await cases(world, pairsOf);
else await seeds(world);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One seed where one is asked for, with its trace; else one after the other. */
async function seeds(where: World): Promise<void> {
  const minutes = Number(values.minutes ?? (values.seed === undefined ? 5 : 0));
  const endsAt = Date.now() + minutes * 60_000;
  const first = Number(values.seed ?? Date.now() % 1_000_000);
  const total = { seeds: 0, attempts: 0, requests: 0, violations: 0 };
  const met = new Map<string, number>();
  let seed = first;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one seed after the other
    const soaked = await soak({ world: where, seed, attempts: Number(values.attempts) });
    const { found, attempts, requests, faults: those, trace, flavour, hash } = soaked;
    total.seeds += 1;
    total.attempts += attempts;
    total.requests += requests;
    for (const [name, times] of those) met.set(name, (met.get(name) ?? 0) + times);
    if (values.seed !== undefined && minutes === 0)
      say(`${trace.join('\n')}\nseed ${seed}, ${flavour}: ${hash}`);
    if (found.length > 0) {
      total.violations += 1;
      say(
        `${trace.join('\n')}\n${found.join('\n')}\nAgain: pnpm soak --seed ${seed} --attempts ${values.attempts}`,
      );
      process.exitCode = 1;
    }
    seed += 1;
  } while (Date.now() < endsAt);
  const sorted = [...met].toSorted(([, one], [, other]) => other - one);
  say(`faults: ${sorted.map(([name, times]) => `${name} ${times}`).join(', ')}`);
  say(
    `${total.seeds} seeds from ${first}, ${total.attempts} attempts, ${total.requests} requests, ` +
      `${sorted.reduce((all, [, times]) => all + times, 0)} faults: ${total.violations} seeds with violations`,
  );
}

async function cases(where: World, of: (run: Runner, mode: Mode) => Promise<Case[]>): Promise<void> {
  const run = await runnerFor(where);
  for (const mode of modes.filter(({ name }) => values.mode === undefined || name === values.mode)) {
    const begun = process.cpuUsage();
    // oxlint-disable-next-line no-await-in-loop -- one mode after the other
    const tally = await run(await of(run, mode));
    const { user, system } = process.cpuUsage(begun);
    say(
      `${mode.name}: ${tally.cases} cases, ${tally.requests} requests, ${tally.violations.length} violations; ` +
        `${((user + system) / 1e6).toFixed(0)} s of processor`,
    );
    for (const violation of tally.violations.slice(0, 3)) say(violation);
    if (tally.violations.length > 0) process.exitCode = 1;
  }
}

async function again(where: World, name: string): Promise<void> {
  const result = await runCase(
    { world: where, records: await where.recordTable('records') },
    caseNamed(name),
  );
  say([...result.trace, ...result.found].join('\n'));
  if (result.found.length > 0) process.exitCode = 1;
}

async function kill(where: World, kills: number): Promise<void> {
  const { found, ...counts } = await crash(where, kills, Number(values.seed ?? 1));
  say(`${JSON.stringify(counts)}: ${found.length} violations`);
  if (found.length === 0) return;
  say(found.join('\n'));
  process.exitCode = 1;
}
