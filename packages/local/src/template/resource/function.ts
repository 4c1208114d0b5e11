/**
 * Lambda functions, as SAM and CloudFormation declare them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 */
import type { AppFunction } from '../app.ts';
import { targetIn } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { unqualified } from '../identity.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { sourceOf } from './code.ts';
import { asynchronousOf } from './invocations.ts';
import type { Asynchronous } from './invocations.ts';

/** Lambda's quotas. */
const LONGEST_TIMEOUT_S = 900;
const MEMORY_MB = { least: 128, most: 10_240 };
const ENVIRONMENT_BYTES = 4096;

/** What Lambda sets itself, and refuses in `Environment`. */
const reserved: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/**
 * Adds a function to the app.
 *
 * @param configured - its `AWS::Lambda::EventInvokeConfig`, where it has one
 * @returns its properties, for the events that SAM has in them; close them when all is read
 */
export function readFunction(
  resource: Resource,
  configured: Asynchronous | undefined,
  draft: Draft,
): Section {
  const section = draft.stack.section(resource);
  const isSam = resource.type === 'AWS::Serverless::Function';
  ignoreWithoutEffect(section);
  if (isSam) section.ignore('Events', 'FunctionUrlConfig');

  const name = section.text('FunctionName');
  if (name !== undefined && !/^[\w-]{1,64}$/.test(name))
    section.error(
      'FunctionName',
      `"FunctionName" must be up to 64 letters, digits, hyphens and underscores, got "${name}"`,
    );
  const runtime = section.text('Runtime');
  if (!section.has('Runtime') && section.text('PackageType') !== 'Image')
    section.error(undefined, '"Runtime" is missing');
  if (runtime !== undefined && !runtime.startsWith('nodejs'))
    section.error('Runtime', `"${runtime}" is not played: only Node.js is`);

  const environment = section.section('Environment')?.record('Variables') ?? {};
  checkEnvironment(section, environment);
  const deadLetters = section.section(isSam ? 'DeadLetterQueue' : 'DeadLetterConfig');
  deadLetters?.ignore('Type');
  const deadLetterArn = targetIn(deadLetters, 'TargetArn', draft);
  const invokeConfig = isSam ? section.section('EventInvokeConfig') : undefined;
  const asynchronous = configured ?? asynchronousOf(invokeConfig, draft);
  const reservedConcurrency = section.integer('ReservedConcurrentExecutions', { least: 0, most: 1_000_000 });
  const timeout = section.integer('Timeout', { least: 1, most: LONGEST_TIMEOUT_S, unit: 'seconds' }) ?? 3;
  const memory = section.integer('MemorySize', { ...MEMORY_MB, unit: 'MB' }) ?? MEMORY_MB.least;

  const qualifiers = qualifiersOf(resource, isSam ? section.text('AutoPublishAlias') : undefined, draft);

  const source = sourceOf(resource, section, draft);
  if (source === undefined || runtime?.startsWith('nodejs') !== true) return section;
  const declared: AppFunction = {
    ...draft.declare(resource),
    folder: source.folder,
    source: source.file,
    exported: source.exported,
    runtime,
    timeout,
    memory,
    environment,
    ...(qualifiers.length > 0 && { qualifiers }),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    asynchronous: { ...asynchronous, ...(deadLetterArn !== undefined && { deadLetterArn }) },
  };
  draft.functions.push(declared);
  return section;
}

/** Names of its versions and aliases; SAM makes a version for the alias that it moves. */
function qualifiersOf({ identity }: Resource, alias: string | undefined, { stack }: Draft): string[] {
  const declared = stack.resources.filter(
    ({ type, identity: { arn } }) =>
      (type === 'AWS::Lambda::Version' || type === 'AWS::Lambda::Alias') && unqualified(arn) === identity.arn,
  );
  const names = declared.map((one) => one.identity.name);
  return [...new Set([...(alias === undefined ? [] : [alias, '1']), ...names])];
}

function ignoreWithoutEffect(section: Section): void {
  // Permissions, billing, tracing, keys and networks: the function itself runs the same.
  section.ignore(
    'Architectures',
    'CodeSigningConfigArn',
    'CodeUriHash',
    'Description',
    'EphemeralStorage',
    'KmsKeyArn',
  );
  section.ignore(
    'LoggingConfig',
    'PermissionsBoundary',
    'Policies',
    'PropagateTags',
    'Role',
    'RolePath',
    'RuntimeManagementConfig',
  );
  section.ignore(
    'SnapStart',
    'SourceKMSKeyArn',
    'Tags',
    'Tracing',
    'TracingConfig',
    'VpcConfig',
    'AssumeRolePolicyDocument',
  );
  section.ignore(
    'AutoPublishAliasAllProperties',
    'AutoPublishCodeSha256',
    'DeploymentPreference',
    'VersionDescription',
  );
  section.ignore('ProvisionedConcurrencyConfig', 'VersionDeletionPolicy', 'RecursiveLoop');
}

function checkEnvironment(section: Section, environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(environment)) {
    if (reserved.has(name))
      section.error('Environment', `environment variable "${name}" is Lambda's own, it refuses it`);
    else if (!/^[A-Za-z]\w+$/.test(name))
      section.error(
        'Environment',
        `environment variable "${name}": a name is a letter, then letters, digits and underscores, at least two in all`,
      );
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (size > ENVIRONMENT_BYTES)
    section.error(
      'Environment',
      `environment variables must not be over ${ENVIRONMENT_BYTES} bytes, got ${size}`,
    );
}
