/**
 * What must hold with more going on: minutes, not seconds.
 *
 * @module
 */
import { budget } from '../adversary.ts';
import { holds, under, type Configuration } from './configuration.ts';
import { createdAndRemoved, replacing, uploading } from './holds.ts';

const three = under('create', 'P1', 'P1', 'P2');

export const large: readonly Configuration[] = [
  holds('F1+', 'two payloads, three unanswered requests and two crashes', {
    invocations: under('create', 'P1', 'P2'),
    budget: budget(3, 2, 2),
  }),
  holds('F4+', 'the record expires, two payloads', {
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 2, 1),
  }),
  holds('F4++', 'records expire twice', {
    invocations: under('create', 'P1', 'P1'),
    budget: budget(2, 1, 2, 2),
  }),
  holds('F5++', 'replace, twice under one key and once under another', {
    rowExists: true,
    invocations: replacing,
    budget: budget(2, 1, 2),
  }),
  holds('F6+', 'create, remove, and a late retry of the create', {
    invocations: createdAndRemoved,
    budget: budget(3, 1, 2),
  }),
  holds('F7+', 'lease, three invocations', { lease: true, invocations: three, budget: budget(2, 1, 1) }),
  holds('F8++', 'a blob key for each attempt, three invocations', {
    blobKeys: 'attempt',
    invocations: three,
    budget: budget(2, 1, 1),
  }),
  holds('F9+', 'no probe, three invocations', {
    probe: false,
    invocations: three,
    budget: budget(2, 1, 2),
  }),
  holds('F11+', 'compact, three invocations', {
    records: false,
    invocations: three,
    budget: budget(2, 1, 1),
  }),
  holds('F13+', 'presigned upload: client twice, and the S3 event', {
    invocations: uploading,
    budget: budget(2, 1, 2),
  }),
  holds('F14+', 'presigned upload: two payloads, an event for each', {
    invocations: [...under('upload', 'P1', 'P2'), ...under('event', 'P1', 'P2')],
    budget: budget(2, 1, 1),
  }),
  holds('F15+', 'multipart, two payloads', {
    blobKeys: 'attempt',
    parts: 2,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 2),
  }),
  holds('F16+', 'two sweepers at once, two payloads', {
    sweepers: 2,
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 2),
  }),
  holds('F17+', 'create where another key has the row, and that row is removed', {
    rowExists: true,
    invocations: createdAndRemoved,
    budget: budget(2, 1, 2),
  }),
];
