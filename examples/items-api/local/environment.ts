/**
 * The environment the function has on this machine.
 *
 * @module
 */
import type { LocalDynamoDbClientConfig } from '@handlersmith/local';

/**
 * Sets what template.yaml and Lambda set, and sees to it that the SDK reaches the local DynamoDB and nothing else: not
 * with your credentials, not by your profile, not past the endpoint. Call it before the handler is imported.
 */
export function useLocalEnvironment(
  { endpoint, region, credentials }: LocalDynamoDbClientConfig,
  tableName: string,
): void {
  Object.assign(process.env, {
    TABLE_NAME: tableName,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  // With the first the SDK would pass over the endpoint, with the others over the credentials.
  for (const name of ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'AWS_PROFILE', 'AWS_SESSION_TOKEN'])
    delete process.env[name];
}
