import { library } from '../tsup.library.ts';

// What runs in a function's process, beside the package that starts it.
const programs = { runtime: 'src/function/runtime/main.ts', standin: 'src/function/client/standin.ts' };

export default library(import.meta.dirname, {}, programs);
