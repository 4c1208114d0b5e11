/**
 * What clients of a service on this machine are made with.
 *
 * @module
 */

/** What a client needs to reach a service on this machine and nothing else. */
export interface LocalClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** The services take any credentials; real ones must never be sent to them. */
export function clientConfigOf(endpoint: string, region: string): LocalClientConfig {
  return { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
