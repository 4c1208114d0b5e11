/**
 * What must break: the protocol without one of its parts. A configuration that holds here
 * would mean that the part is not needed, or that the checker does not look. With the part put back each of them holds:
 * it breaks for that and nothing else.
 *
 * @module
 */
import { budget } from '../adversary.ts';
import { breaks, invocation, under, type Configuration } from './configuration.ts';
import { createdAndRemoved, replacing } from './holds.ts';

const twice = under('create', 'P1', 'P1');
const twoPayloads = under('create', 'P1', 'P2');

export const ablations: readonly Configuration[] = [
  breaks(
    'F12',
    'random row ids and the record expires',
    ['I2', 'I3', 'L1'],
    {
      attemptsEndFirst: true,
      invocations: twice,
      budget: budget(1, 1, 2, 1),
    },
    { rowIds: 'random' },
  ),
  breaks(
    'A1',
    'no fence: a sweep by age',
    ['I1'],
    {
      invocations: twice,
      budget: budget(1, 1, 1),
    },
    { fence: false, sweep: ['S2', 'S5'] },
  ),
  breaks(
    'A3',
    'no fence: grace honoured, an old blob used again',
    ['I1'],
    {
      graceHonoured: true,
      invocations: twice,
      budget: budget(1, 1, 1),
    },
    { fence: false, sweep: ['S2', 'S5'] },
  ),
  breaks(
    'A4',
    'one blob for the same content under all keys',
    ['I1'],
    {
      rowIds: 'random',
      invocations: [invocation('K', 'create', 'P1'), invocation('L', 'create', 'P1')],
      budget: budget(0, 1, 1),
    },
    { blobKeys: 'content of all keys' },
  ),
  breaks(
    'A5',
    'blob deleted when the outcome of W3 is unknown',
    ['I1'],
    {
      invocations: twice,
      budget: budget(1, 0),
    },
    { deleteOnUnknown: true },
  ),
  breaks(
    'A6',
    'a lifecycle rule on a tag that is taken off after the commit',
    ['I1'],
    {
      fence: false,
      sweep: [],
      blobKeys: 'attempt',
      invocations: twice,
      budget: budget(0, 0, 1),
    },
    { pendingTag: true },
  ),
  breaks(
    'A7',
    'one blob key for each key, put without condition',
    ['I1'],
    {
      fence: false,
      sweep: [],
      invocations: twoPayloads,
      budget: budget(0, 0),
    },
    { blobKeys: 'fixed', ifNoneMatch: false },
  ),
  breaks(
    'A8',
    'one blob key for each key, If-None-Match',
    ['I1'],
    {
      fence: false,
      sweep: [],
      invocations: twoPayloads,
      budget: budget(0, 0),
    },
    { blobKeys: 'fixed' },
  ),
  breaks(
    'A9',
    'no fingerprint',
    ['I6', 'L1'],
    {
      invocations: twoPayloads,
      budget: budget(0, 0),
    },
    { fingerprint: false },
  ),
  breaks(
    'A10',
    'row read before the fence only, and the record expires',
    ['I1'],
    {
      invocations: twice,
      budget: budget(1, 0, 1, 1),
    },
    { sweep: ['S2', 'S3', 'S5'] },
  ),
  breaks(
    'A11',
    'the sweeper trusts the record instead of the row',
    ['I4'],
    {
      rowExists: true,
      sweep: ['S3', 'S4', 'S5'],
      invocations: replacing,
      budget: budget(1, 0, 1),
    },
    { trustRecord: true },
  ),
  breaks(
    'A12',
    'compact and rows are removed: a late retry resurrects',
    ['I1', 'I2', 'L1'],
    {
      invocations: createdAndRemoved,
      budget: budget(0, 0),
    },
    { records: false },
  ),
  breaks(
    'A13',
    'no sweeper, a blob key for each attempt',
    ['I4'],
    {
      blobKeys: 'attempt',
      invocations: under('create', 'P1', 'P1', 'P1'),
      budget: budget(2, 1),
    },
    { sweep: [] },
  ),
  breaks(
    'A14',
    'no sweeper, a blob key for each content',
    ['I4'],
    {
      invocations: under('create', 'P1', 'P1', 'P1'),
      budget: budget(2, 1),
    },
    { sweep: [] },
  ),
  breaks(
    'A15',
    'presigned upload without a fence',
    ['I1'],
    {
      invocations: under('upload', 'P1', 'P1'),
      budget: budget(0, 0, 1),
    },
    { fence: false, sweep: ['S2', 'S5'] },
  ),
  breaks(
    'A16',
    'blob deleted when the row refuses W3',
    ['I1'],
    {
      rowExists: true,
      invocations: createdAndRemoved,
      budget: budget(0, 0),
    },
    { deleteOnConflict: true },
  ),
  breaks(
    'A17',
    'fences expire under attempts that live longer',
    ['I1'],
    {
      expire: 'committed and fenced',
      attemptsEndFirst: true,
      invocations: twice,
      budget: budget(0, 0, 1, 1),
    },
    { attemptsEndFirst: false },
  ),
  breaks(
    'A18',
    'blob of an attempt deleted when the row refuses W3',
    ['I1'],
    {
      blobKeys: 'attempt',
      rowExists: true,
      invocations: createdAndRemoved,
      budget: budget(1, 0),
    },
    { deleteOnConflict: true },
  ),
  breaks(
    'A19',
    'a row replaced or removed as it is, not as it was read; no sweeper',
    ['I4'],
    {
      sweep: [],
      rowExists: true,
      invocations: [invocation('K1', 'replace', 'P1'), invocation('K2', 'replace', 'P2')],
      budget: budget(0, 0, 1),
    },
    { rowCondition: false },
  ),
  breaks(
    'A20',
    'the record expires before the last retry, and the row was removed',
    ['I2', 'I3', 'L1'],
    { attemptsEndFirst: true, invocations: createdAndRemoved, budget: budget(0, 0) },
    { budget: budget(0, 0, 0, 1) },
  ),
  breaks(
    'A21',
    'the record expires before the last retry of a replacement',
    ['I2', 'I3', 'L1'],
    { attemptsEndFirst: true, rowExists: true, invocations: replacing, budget: budget(0, 0) },
    { budget: budget(0, 0, 0, 1) },
  ),
  breaks(
    'A22',
    'a row that says who made it as it is, and is not asked',
    ['I2', 'I3', 'L1'],
    {
      attemptsEndFirst: true,
      rowExists: true,
      invocations: under('replace', 'P1', 'P1'),
      budget: budget(0, 0, 0, 1),
    },
    { rowAnswers: false },
  ),
];
