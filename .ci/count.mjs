// Prints how many tests passed and failed: `count.mjs <vitest's JSON report> <exit status of the run>`.
import { readFileSync } from 'node:fs';

const [, , report, status] = process.argv;
let passed = 0;
let failed = 0;
try {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const file of testResults) {
    const failures = file.assertionResults.filter((test) => test.status === 'failed').length;
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    // A file that could not be loaded, or whose set-up failed, has failed though none of its tests has.
    failed += file.status === 'failed' ? Math.max(failures, 1) : failures;
  }
} catch (error) {
  console.error(`There is no report of the tests: ${error.message}`);
}
// Errors outside of tests, a run that never got to writing a report, a run of nothing.
if (status !== '0' || passed === 0) failed = Math.max(failed, 1);
console.log(passed, failed);
