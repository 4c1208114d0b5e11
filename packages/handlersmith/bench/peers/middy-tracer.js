// The same stack with the Powertools tracer on, which is how its documentation shows it.
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';

import { middyStack } from './middy-stack.js';

export const handler = middyStack(captureLambdaHandler(new Tracer({ serviceName: 'items' })));
