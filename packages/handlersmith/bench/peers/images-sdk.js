import { unmarshall } from '@aws-sdk/util-dynamodb';

export const handler = async ({ Records }) => ({
  images: Records.map(({ dynamodb }) => unmarshall(dynamodb.NewImage)),
});
