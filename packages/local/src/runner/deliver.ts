/**
 * Where events go that nobody waits for: destinations, dead-letter queues, notifications.
 *
 * @module
 */
import type { LocalAws } from '../aws/start.ts';
import type { Asynchronous, Deliver } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import { callSns } from './sns-call.ts';

/** @param accept - takes an event for a function of the app */
export function deliverer(app: App, aws: LocalAws, accept: () => Asynchronous): Deliver {
  return async (arn, body, traces, attributes = {}) => {
    const [, , service, , , resource = ''] = arn.split(':');
    const [trace] = traces;
    if (service === 'sqs') {
      const queue = aws.sqs.queue(resource);
      if (queue === undefined) throw new Error(`There is no queue ${arn}`);
      queue.send({
        MessageBody: JSON.stringify(body),
        MessageAttributes: Object.fromEntries(Object.entries(attributes).map(messageAttribute)),
        ...(trace !== undefined && {
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
        }),
        ...(resource.endsWith('.fifo') && {
          MessageGroupId: 'local',
          MessageDeduplicationId: crypto.randomUUID(),
        }),
      });
    } else if (service === 'sns') {
      await callSns(aws, trace)('Publish', {
        TopicArn: arn,
        Message: JSON.stringify(body),
        ...publishedAttributes(attributes),
      });
    } else {
      const declared = app.functions.find((lambda) => lambda.arn === arn.replace(/:\$LATEST$/u, ''));
      if (declared === undefined) throw new Error(`There is nothing at ${arn} here`);
      // Whoever sends it does not wait for what becomes of it.
      void accept().accept(declared, {
        trigger: { type: 'destination', id: arn, summary: 'handed on' },
        event: body,
        traces,
      });
    }
  };
}

function messageAttribute([name, value]: readonly [string, string | number]): [
  string,
  { DataType: string; StringValue: string },
] {
  return [name, { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) }];
}

/** The same as SNS has them in a form. */
function publishedAttributes(attributes: Readonly<Record<string, string | number>>): Record<string, string> {
  const entries = Object.entries(attributes).map(messageAttribute);
  return Object.fromEntries(
    entries.flatMap(([name, { DataType, StringValue }], index) => {
      const entry = `MessageAttributes.entry.${index + 1}`;
      return [
        [`${entry}.Name`, name],
        [`${entry}.Value.DataType`, DataType],
        [`${entry}.Value.StringValue`, StringValue],
      ];
    }),
  );
}
