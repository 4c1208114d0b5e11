/** Plays a template in a process of its own: `runner.ts <template> [folder]`. Says where it is once it runs. */
import { playTemplate } from '@handlersmith/local';

const [, , template = '', folder] = process.argv;
const app = await playTemplate(template, {
  watch: false,
  retryDelay: 20,
  environment: { MARK: process.env['MARK'] ?? '' },
  ...(folder !== undefined && { folder }),
});
const { aws, urls } = app;
process.once('SIGTERM', () => {
  void app.stop().then(() => process.exit(0));
});
console.log(
  JSON.stringify({
    urls,
    dynamodb: aws.dynamodb.endpoint,
    s3: aws.s3.endpoint,
    sqs: aws.sqs.endpoint,
    kinesis: aws.kinesis.endpoint,
  }),
);
