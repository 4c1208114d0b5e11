import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { commands } from './commands.ts';
import { runProgram } from './program.fixture.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/guide/cli.md'), 'utf8');
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};

describe('wrong use says what is wrong, on standard error, and exits with 2', () => {
  test('no command at all: the help', async () => {
    const { status, stdout, stderr } = await runProgram([]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: handlersmith <command>');
  });

  test.each([
    [['evnt'], 'handlersmith: There is no command evnt. Did you mean event? There are: dev, event,'],
    [['--hlep'], 'handlersmith: There is no option --hlep.'],
    [['help', 'ivnoke'], 'handlersmith: There is no command ivnoke. Did you mean invoke?'],
    [['dev', '--prot', '1'], 'handlersmith dev: There is no option --prot. Did you mean --port?'],
    [['constructor'], 'handlersmith: There is no command constructor.'],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr } = await runProgram(words);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('help', () => {
  test('of the program', async () => {
    const [long, short, word] = await Promise.all(
      [['--help'], ['-h'], ['help']].map((words) => runProgram(words)),
    );
    expect(long).toMatchObject({ status: 0, stderr: '' });
    expect(page).toContain(`\`\`\`text\n${long?.stdout}\`\`\``);
    expect([short?.stdout, word?.stdout]).toEqual([long?.stdout, long?.stdout]);
  });

  test.each(commands.map(({ name }) => name))('of %s, as on the page', async (name) => {
    const [option, word] = await Promise.all([runProgram([name, '--help']), runProgram(['help', name])]);
    expect(option).toMatchObject({ status: 0, stderr: '', stdout: word.stdout });
    expect(option.stdout).toContain('Examples:\n');
    expect(page).toContain(`\`\`\`text\n${option.stdout}\`\`\``);
    expect(option.stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  test('every command has an example that names it, and says each option once', () => {
    for (const { name, examples, options } of commands) {
      expect(examples.length).toBeGreaterThan(1);
      for (const { command } of examples) expect(command).toContain(`handlersmith ${name}`);
      for (const { help } of Object.values(options)) expect(help).toMatch(/^[A-Z].*\.$/s);
    }
  });
});

test('the version is that of the package', async () => {
  const outcomes = await Promise.all([runProgram(['--version']), runProgram(['-v'])]);
  for (const outcome of outcomes) expect(outcome).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('colours are on a screen only', async () => {
  const { stderr } = await runProgram(['nothing'], {
    environment: { FORCE_COLOR: '1', TERM: 'xterm-256color' },
  });
  expect(stderr).not.toContain('\u001B');
});

describe('help and version load nothing but what they are made of', () => {
  /** Tells at the end what was loaded, by way of Node's own hooks. */
  const spy = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.on('exit', () => process.stderr.write('\\nloaded ' + JSON.stringify(loaded)));
  `)}`;

  test.each([[['--version']], [['--help']], [['dev', '--help']], [['openapi', '--help']]])(
    '%j',
    async (words) => {
      const { stderr } = await runProgram(words, { flags: [`--import=${spy}`] });
      const [, json = '[]'] = /\nloaded (.*)$/s.exec(stderr) ?? [];
      const loaded = JSON.parse(json) as string[]; // written above
      const foreign = loaded.filter((url) => !url.startsWith('node:') && !url.includes('/packages/cli/'));
      expect(loaded.some((url) => url.endsWith('/main.ts'))).toBe(true);
      expect(foreign).toEqual([]);
      expect(loaded.filter((url) => url.endsWith('/run.ts') && !url.endsWith('/src/run.ts'))).toEqual([]);
      expect(loaded.length).toBeLessThan(30);
    },
  );
});
