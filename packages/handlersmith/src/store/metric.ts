/**
 * What happened, as a metric: CloudWatch counts log lines that hold this, with no call of ours.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { BlobEvent } from './events.ts';

const NAMESPACE = 'handlersmith/store';

/**
 * Fields for the log line of an event: one count of its type, by operation where it has one, and over all.
 *
 * @param now - milliseconds since 1970
 */
export function metricOf(event: BlobEvent, now: number): Readonly<Record<string, unknown>> {
  const { type } = event;
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: 'operation' in event ? [['operation'], []] : [[]],
          Metrics: [{ Name: type, Unit: 'Count' }],
        },
      ],
    },
    [type]: 1,
  };
}
