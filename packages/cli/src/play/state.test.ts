import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Failed } from '../problem.ts';
import { folderWith } from '../program.fixture.ts';
import { claim, runningDev } from './state.ts';

const where = { endpoint: 'http://127.0.0.1:1', token: 'secret' };
/** A process that lives as long as this one. */
const other = process.ppid;

function appWith(state: string): { template: string; file: string } {
  const folder = folderWith({ 'template.yaml': '' });
  const file = join(folder, '.handlersmith/dev.json');
  mkdirSync(join(folder, '.handlersmith'));
  writeFileSync(file, state);
  return { template: join(folder, 'template.yaml'), file };
}

test('an app that another process plays is refused, and its file stays', () => {
  const state = JSON.stringify({ pid: other, template: '/shop/template.yaml', ...where });
  const { template, file } = appWith(state);
  expect(() => claim(template)).toThrow(
    new Failed(
      `/shop/template.yaml is being played already at http://127.0.0.1:1, by process ${other}. End that one first; if it is no handlersmith, delete ${file}.`,
    ),
  );
  expect(readFileSync(file, 'utf8')).toBe(state);
});

test('a file where the folder should be is told', () => {
  const folder = folderWith({ 'template.yaml': '', '.handlersmith': '' });
  expect(() => claim(join(folder, 'template.yaml'))).toThrow(/^Cannot write .*dev\.json: E(?:EXIST|NOTDIR)/);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['no object', 'null'],
  ['no process', '{"template":"t"}'],
  ['a process of nobody', '{"pid":-1,"template":"t"}'],
  ['a process that is gone', JSON.stringify({ pid: spawnSync('true').pid, template: 't', ...where })],
  ['this very process, of before a restart', JSON.stringify({ pid: process.pid, template: 't', ...where })],
])('a stale file is written over: %s', (_, text) => {
  const { template, file } = appWith(text);
  expect(runningDev(template)).toBeUndefined();
  claim(template).release();
  expect(existsSync(file)).toBe(false);
});

test('a claim may be read by its user only, says where to ask, and leaves nothing', () => {
  const folder = folderWith({ 'template.yaml': '' });
  const template = join(folder, 'template.yaml');
  const ours = claim(template);
  ours.publish(where);
  const file = join(folder, '.handlersmith/dev.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, template, ...where });
  ours.release();
  ours.release();
  expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
});

test('data beside it stays', () => {
  const { template, file } = appWith('');
  const data = join(file, '../data');
  mkdirSync(data);
  claim(template).release();
  expect([existsSync(file), existsSync(data)]).toEqual([false, true]);
});

test('a dev is found by its own template, once it can be asked', () => {
  const { template, file } = appWith('');
  const tell = (state: object): void =>
    writeFileSync(file, JSON.stringify({ pid: other, template, ...state }));
  tell({});
  expect(runningDev(template)).toBeUndefined();
  tell(where);
  expect(runningDev(template)).toEqual({ pid: other, template, ...where });
  expect(runningDev(template.replace('template.yaml', 'other.yaml'))).toBeUndefined();
});
