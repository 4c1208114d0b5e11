/**
 * What must hold with more going on: minutes, not seconds.
 *
 * @module
 */
import { budget } from '../adversary.ts';
import { holds, under, type Configuration } from './configuration.ts';
import { createdAndRemoved, replacing, uploading } from './holds.ts';

export const large: readonly Configuration[] = [
  holds('F2+', 'the same payload twice', {
    invocations: under('create', 'P1', 'P1'),
    budget: budget(3, 2, 2),
  }),
  holds('F3+', 'a duplicate and another payload', {
    invocations: under('create', 'P1', 'P1', 'P2'),
    budget: budget(2, 1, 1),
  }),
  holds('F4+', 'the record expires, two payloads', {
    invocations: under('create', 'P1', 'P2'),
    budget: budget(2, 1, 2, 1),
  }),
  holds('F5+', 'replace, twice under one key and once under another', {
    rowExists: true,
    invocations: replacing,
    budget: budget(2, 1, 1),
  }),
  holds('F8+', 'a blob key for each attempt, three invocations', {
    blobKeys: 'attempt',
    invocations: under('create', 'P1', 'P1', 'P2'),
    budget: budget(1, 1, 1),
  }),
  holds('F13+', 'presigned upload: client twice, and the S3 event', {
    invocations: uploading,
    budget: budget(2, 1, 2),
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
