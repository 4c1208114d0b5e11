/**
 * Redrive: StartMessageMoveTask and what goes with it.
 *
 * @module
 */
import { invalid, SqsError } from '../errors.ts';
import { requiredText, text, whole } from '../input.ts';
import type { Queue } from '../queue.ts';
import { sourcesOf } from '../redrive.ts';
import { arnOf, nameOfArn } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';
import type { MoveTask } from '../tasks.ts';

export const moveOperations: Operations = {
  StartMessageMoveTask: {
    parameters: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
    run(service, input) {
      const rate = whole(input, 'MaxNumberOfMessagesPerSecond', 1, 500);
      const source = queueByArn(service, 'SourceArn', requiredText(input, 'SourceArn'));
      const destinationArn = text(input, 'DestinationArn');
      const destination =
        destinationArn === undefined ? undefined : queueByArn(service, 'DestinationArn', destinationArn);
      if (destination === source)
        throw invalid('Source queue arn and destination queue arn cannot be the same.');
      if (destination !== undefined && destination.fifo !== source.fifo) {
        throw invalid('Source and destination queue must be of the same type.');
      }
      const { name } = source.record;
      if (sourcesOf(service, source).length === 0) {
        throw invalid('Source queue must be configured as a Dead Letter Queue.');
      }
      if (service.tasks.of(name).some(({ status }) => status === 'RUNNING')) {
        throw new SqsError(
          'UnsupportedOperation',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const { handle } = service.tasks.start({ source: name, destination: destination?.record.name, rate });
      return { TaskHandle: handle };
    },
  },
  ListMessageMoveTasks: {
    parameters: ['SourceArn', 'MaxResults'],
    run(service, input) {
      const { record } = queueByArn(service, 'SourceArn', requiredText(input, 'SourceArn'));
      const limit = whole(input, 'MaxResults', 1, 10) ?? 1;
      return {
        Results: service.tasks
          .of(record.name)
          .slice(0, limit)
          .map((task) => resultOf(service, task)),
      };
    },
  },
  CancelMessageMoveTask: {
    parameters: ['TaskHandle'],
    run(service, input) {
      const task = service.tasks.find(requiredText(input, 'TaskHandle'));
      if (task === undefined) throw new SqsError('ResourceNotFoundException', 'Task does not exist.');
      if (task.status !== 'RUNNING') {
        throw new SqsError('UnsupportedOperation', 'Only active tasks can be cancelled.');
      }
      service.tasks.cancel(task);
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  },
};

function queueByArn(service: SqsService, parameter: string, arn: string): Queue {
  const name = nameOfArn(service, arn);
  const queue = name === undefined ? undefined : service.store.find(name);
  if (queue !== undefined) return queue;
  throw new SqsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  );
}

function resultOf(service: SqsService, task: MoveTask): object {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: arnOf(service, task.source),
    ...(task.destination !== undefined && { DestinationArn: arnOf(service, task.destination) }),
    ...(task.rate !== undefined && { MaxNumberOfMessagesPerSecond: task.rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}
