/**
 * Properties, while code is mutated: fewer runs, and no search for the smallest failure. That one fails is enough.
 *
 * @module
 */
import * as fc from 'fast-check';

fc.configureGlobal({ numRuns: 30, endOnFailure: true });
