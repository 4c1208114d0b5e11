import { library } from '../tsup.library.ts';

export default library(import.meta.dirname);
