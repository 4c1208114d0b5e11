import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type Image, unmarshall } from 'handlersmith/stream';

export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<{ readonly images: Image[] }> => ({
  // Records as AWS sends them: the types call each attribute an object of optional types.
  images: Records.map(({ dynamodb }) => unmarshall(dynamodb?.NewImage as Parameters<typeof unmarshall>[0])),
});
