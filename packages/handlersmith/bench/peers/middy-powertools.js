// The stack many teams put together themselves: five Middy packages, the Powertools logger, a validator compiled beforehand.
import { middyStack } from './middy-stack.js';

export const handler = middyStack();
