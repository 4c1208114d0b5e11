/**
 * What must hold: the protocol of `src/store` in all its modes, with every fault the adversary has.
 *
 * @module
 */
import { budget } from '../adversary.ts';
import { holds, invocation, under, type Configuration } from './configuration.ts';

export const replacing = [
  invocation('K1', 'replace', 'P1'),
  invocation('K1', 'replace', 'P1'),
  invocation('K2', 'replace', 'P2'),
] as const;

export const createdAndRemoved = [
  invocation('K1', 'create', 'P1'),
  invocation('K1', 'create', 'P1'),
  invocation('K3', 'remove'),
] as const;

export const uploading = [...under('upload', 'P1', 'P1'), ...under('event', 'P1')] as const;

export const holding: readonly Configuration[] = [
  holds('F1', 'two payloads', { invocations: under('create', 'P1', 'P2'), budget: budget(2, 1, 1) }),
  holds('F2', 'the same payload twice', {
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 2),
  }),
  holds('F2+', 'the same payload twice, more faults', {
    invocations: under('create', 'P1', 'P1'),
    budget: budget(3, 2, 2),
  }),
  holds('F3', 'a duplicate and another payload', {
    invocations: under('create', 'P1', 'P1', 'P2'),
    budget: budget(1, 1, 1),
  }),
  holds('F3+', 'a duplicate and another payload, more faults', {
    invocations: under('create', 'P1', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F4', 'the record expires', {
    invocations: under('create', 'P1', 'P1'),
    budget: budget(1, 1, 2, 1),
  }),
  holds('F4b', 'the record expires, two payloads', {
    invocations: under('create', 'P1', 'P2'),
    budget: budget(1, 1, 2, 1),
  }),
  holds('F5', 'replace, twice under one key and once under another', {
    rowExists: true,
    invocations: replacing,
    budget: budget(1, 1, 1),
  }),
  holds('F5+', 'the same, more faults', {
    rowExists: true,
    invocations: replacing,
    budget: budget(2, 1, 1),
  }),
  holds('F6', 'create, remove, and a late retry of the create', {
    invocations: createdAndRemoved,
    budget: budget(1, 1, 1),
  }),
  holds('F7', 'lease', { lease: true, invocations: under('create', 'P1', 'P1'), budget: budget(2, 1, 1) }),
  holds('F8', 'a blob key for each attempt (streams)', {
    blobKeys: 'attempt',
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 1),
  }),
  holds('F8+', 'the same, three invocations', {
    blobKeys: 'attempt',
    invocations: under('create', 'P1', 'P1', 'P2'),
    budget: budget(1, 1, 1),
  }),
  holds('F9', 'no probe', {
    probe: false,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F10', 'random row ids: only the record knows of duplicates', {
    rowIds: 'random',
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F11', 'compact: the row is the record, creates only', {
    records: false,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F13', 'presigned upload: client twice, and the S3 event', {
    invocations: uploading,
    budget: budget(1, 1, 1),
  }),
  holds('F14', 'presigned upload: two payloads', {
    invocations: under('upload', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F15', 'multipart: create, two parts, complete, abort', {
    blobKeys: 'attempt',
    parts: 2,
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 1),
  }),
  holds('F16', 'two sweepers at once', {
    sweepers: 2,
    invocations: under('create', 'P1', 'P1'),
    budget: budget(1, 1, 2),
  }),
  holds('F17', 'create where another key has the row, and that row is removed', {
    rowExists: true,
    invocations: createdAndRemoved,
    budget: budget(2, 1, 1),
  }),
  holds('F18', 'replace against remove, two sweepers and retire workers', {
    rowExists: true,
    sweepers: 2,
    invocations: [
      invocation('K1', 'replace', 'P1'),
      invocation('K1', 'replace', 'P1'),
      invocation('K3', 'remove'),
    ],
    budget: budget(1, 0, 2),
  }),
  holds('F19', 'lease, no probe, two payloads', {
    lease: true,
    probe: false,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(1, 1, 1),
  }),
  holds('F20', 'fences expire too, no attempt lives that long', {
    expire: 'committed and fenced',
    attemptsEndFirst: true,
    invocations: under('create', 'P1', 'P1'),
    budget: budget(1, 1, 1, 1),
  }),
  holds('F21', 'compact without probe', {
    records: false,
    probe: false,
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 1),
  }),
  holds('F22', 'replace and remove of a row that is expected', {
    expecting: true,
    rowExists: true,
    invocations: [
      invocation('K1', 'replace', 'P1'),
      invocation('K2', 'replace', 'P2'),
      invocation('K3', 'remove'),
    ],
    budget: budget(1, 1, 1),
  }),
  holds('F23', 'replace without probe, under a lease', {
    probe: false,
    lease: true,
    rowExists: true,
    invocations: replacing,
    budget: budget(1, 0, 1),
  }),
  holds('F24', 'compact, multipart, no probe', {
    records: false,
    probe: false,
    blobKeys: 'attempt',
    parts: 2,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(1, 1, 1),
  }),
  holds('F25', 'the record expires, a blob key for each attempt', {
    blobKeys: 'attempt',
    invocations: under('create', 'P1', 'P1'),
    budget: budget(1, 1, 1, 1),
  }),
  holds('F26', 'presigned upload: the record expires', {
    invocations: [...under('upload', 'P1'), ...under('event', 'P1')],
    budget: budget(1, 1, 1, 1),
  }),
  holds('F27', 'replace: the record expires', {
    rowExists: true,
    invocations: under('replace', 'P1', 'P1'),
    budget: budget(1, 1, 2, 1),
  }),
  holds('F28', 'replace: the record expires, two payloads', {
    rowExists: true,
    invocations: under('replace', 'P1', 'P2'),
    budget: budget(1, 1, 1, 1),
  }),
  holds('F29', 'replace of a row that is expected: the record expires', {
    expecting: true,
    rowExists: true,
    invocations: under('replace', 'P1', 'P1'),
    budget: budget(1, 1, 1, 1),
  }),
  holds('F30', 'replace in parts: the record expires', {
    blobKeys: 'attempt',
    parts: 2,
    rowExists: true,
    invocations: under('replace', 'P1', 'P1'),
    budget: budget(1, 1, 1, 1),
  }),
  holds('A2', 'no fence: grace honoured and a blob key for each attempt', {
    fence: false,
    sweep: ['S2', 'S5'],
    blobKeys: 'attempt',
    graceHonoured: true,
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 2),
  }),
];
