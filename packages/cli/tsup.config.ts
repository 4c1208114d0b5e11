import { library } from '../tsup.library.ts';

// The command itself, and what it runs in a process of its own.
const programs = { main: 'src/main.ts', describe: 'src/openapi/describe.ts' };

export default library(import.meta.dirname, {}, programs);
