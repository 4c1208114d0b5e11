import { makeLambda } from '@effect-aws/lambda';
import { Data, Effect, Either, Schema } from 'effect';
import { ArrayFormatter } from 'effect/ParseResult';

import { createItem } from '../job/item.ts';
import { logLine } from '../job/log-line.ts';

const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' };
const answer = (statusCode, payload) => ({ statusCode, headers, body: JSON.stringify(payload) });

const NewItem = Schema.Struct({
  name: Schema.String.pipe(Schema.minLength(1), Schema.maxLength(100)),
  price: Schema.Number.pipe(Schema.greaterThanOrEqualTo(0)),
});
const decode = Schema.decodeUnknownEither(NewItem, { errors: 'all' });

class Refused extends Data.TaggedError('Refused') {}

const program = (event, context) =>
  Effect.gen(function* () {
    const body = yield* Effect.try({
      try: () => JSON.parse(event.body),
      catch: () => new Refused({ payload: { message: 'The body is not JSON' } }),
    });
    const decoded = decode(body);
    if (Either.isLeft(decoded)) {
      const errors = ArrayFormatter.formatErrorSync(decoded.left);
      return yield* new Refused({ payload: { message: 'Validation failed', errors } });
    }
    const item = yield* Effect.try({ try: () => createItem(decoded.right), catch: (cause) => cause });
    logLine('INFO', 'item created', context.awsRequestId, { itemId: item.id });
    return answer(201, item);
  }).pipe(
    Effect.catchAll((error) =>
      Effect.sync(() => {
        if (error instanceof Refused) {
          logLine('WARN', 'request refused', context.awsRequestId, { status: 400 });
          return answer(400, error.payload);
        }
        logLine('ERROR', 'unhandled', context.awsRequestId, {
          error: { message: error.message, stack: error.stack },
        });
        return answer(500, { message: 'Internal Server Error' });
      }),
    ),
  );

export const handler = makeLambda(program);
