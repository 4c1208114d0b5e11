/**
 * The environment variables of a function's process.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
import { randomBytes } from 'node:crypto';
import { devNull } from 'node:os';
import { basename, extname, relative, sep } from 'node:path';

import type { AppFunction } from '../template/app.ts';

/** What a process needs of the machine to run at all. Everything else of whoever started us stays here. */
const FROM_HERE = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'TMPDIR',
  // Windows
  'ComSpec',
  'SystemRoot',
  'TEMP',
  'TMP',
  'windir',
] as const;

/** Where the AWS SDK would look for a developer's own account, were it not told otherwise. */
const NO_ACCOUNT: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

/**
 * All variables of one environment.
 *
 * @param given - endpoints and credentials of the services here; they win over what is declared
 */
export function variablesOf(
  declared: AppFunction,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const region = declared.arn.split(':')[3] ?? '';
  const variables: Record<string, string> = {};
  for (const name of FROM_HERE) {
    const value = process.env[name];
    if (value !== undefined) variables[name] = value;
  }
  return {
    ...variables,
    ...NO_ACCOUNT,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...withoutProfile(declared.environment),
    ...withoutProfile(given),
    _HANDLER: handlerName(declared),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${declared.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: declared.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(declared.memory),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${declared.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`,
    LAMBDA_TASK_ROOT: declared.folder,
  };
}

/** A profile makes the SDK pass over the credentials it is given, and look for a developer's. */
function withoutProfile({
  AWS_PROFILE: _profile,
  ...others
}: Readonly<Record<string, string>>): Record<string, string> {
  return others;
}

/** As the template would say it: `src/handler.handler`. */
function handlerName(declared: AppFunction): string {
  const path = relative(declared.folder, declared.source);
  const file = path.startsWith('..') ? basename(path) : path.split(sep).join('/');
  return `${file.slice(0, file.length - extname(file).length)}.${declared.exported}`;
}
