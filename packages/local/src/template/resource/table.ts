/**
 * DynamoDB tables: CloudFormation's, global ones and SAM's simple ones.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
import type { AppTable } from '../app.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';

interface Key {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export function readTable(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  const create =
    resource.type === 'AWS::Serverless::SimpleTable' ? simpleTable(section) : fullTable(resource, section);
  // Backups, encryption, tags and rights change nothing of what a request answers.
  section.ignore(
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'PointInTimeRecoverySpecification',
  );
  section.ignore('ResourcePolicy', 'SSESpecification', 'TableClass', 'Tags', 'TableName');

  const name = section.text('TableName');
  if (name !== undefined && !/^[\w.-]{3,255}$/.test(name))
    section.error(
      'TableName',
      `"TableName" must be 3 to 255 letters, digits, "_", "-" and ".", got "${name}"`,
    );
  const expiry = section.section('TimeToLiveSpecification');
  const attribute = expiry?.text('AttributeName');
  const expires = expiry?.flag('Enabled') === true && attribute !== undefined;
  const streams = 'StreamSpecification' in create;
  const table: AppTable = {
    ...draft.declare(resource),
    create: { TableName: resource.identity.name, ...create },
    ...(expires && { expiresBy: attribute }),
    ...(streams && { streamArn: resource.identity.attributes?.['StreamArn'] ?? '' }),
  };
  draft.tables.push(table);
  section.close();
}

function simpleTable(section: Section): Readonly<Record<string, unknown>> {
  const key = section.section('PrimaryKey');
  const name = key?.text('Name', { required: true }) ?? 'id';
  const type = key?.text('Type', { of: ['String', 'Number', 'Binary'] }) ?? 'String';
  return {
    AttributeDefinitions: [{ AttributeName: name, AttributeType: type.charAt(0) }],
    KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    ...billing(section),
  };
}

function fullTable(resource: Resource, section: Section): Readonly<Record<string, unknown>> {
  const attributes = section.sections('AttributeDefinitions').map((attribute) => ({
    AttributeName: attribute.text('AttributeName', { required: true }) ?? '',
    AttributeType: attribute.text('AttributeType', { required: true, of: ['S', 'N', 'B'] }) ?? 'S',
  }));
  const paid = resource.type === 'AWS::DynamoDB::GlobalTable' ? globalBilling(section) : billing(section);
  const withCapacity = paid.BillingMode === 'PROVISIONED';
  const keys = keysOf(section);
  const globals = section.sections('GlobalSecondaryIndexes').map((index) => indexOf(index, withCapacity));
  const locals = section.sections('LocalSecondaryIndexes').map((index) => indexOf(index, false));
  checkAttributes(section, attributes, [
    keys,
    ...globals.map(({ KeySchema }) => KeySchema),
    ...locals.map(({ KeySchema }) => KeySchema),
  ]);

  return {
    AttributeDefinitions: attributes,
    KeySchema: keys,
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals,
    }),
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
    ...paid,
    ...streamOf(section),
  };
}

function keysOf(section: Section): readonly Key[] {
  const keys = section.sections('KeySchema').map((key) => ({
    AttributeName: key.text('AttributeName', { required: true }) ?? '',
    KeyType: key.text('KeyType', { required: true, of: ['HASH', 'RANGE'] }) ?? 'HASH',
  }));
  const types = keys.map(({ KeyType }) => KeyType).join(' ');
  if (types !== 'HASH' && types !== 'HASH RANGE')
    section.error(
      section.has('KeySchema') ? 'KeySchema' : undefined,
      '"KeySchema" must be a HASH key, or a HASH and then a RANGE key',
    );
  return keys;
}

function indexOf(
  section: Section,
  withCapacity: boolean,
): { readonly KeySchema: readonly Key[] } & Readonly<Record<string, unknown>> {
  section.ignore('WriteProvisionedThroughputSettings', 'ReadProvisionedThroughputSettings');
  section.ignore(
    'OnDemandThroughput',
    'WarmThroughput',
    'ContributorInsightsSpecification',
    'WriteOnDemandThroughputSettings',
  );
  const projection = section.section('Projection');
  const type = projection?.text('ProjectionType', { of: ['ALL', 'KEYS_ONLY', 'INCLUDE'] });
  if (type === undefined && projection?.has('ProjectionType') !== true)
    section.error('Projection', '"Projection" needs a ProjectionType');
  const units = withCapacity ? unitsOf(section) : undefined;
  if (withCapacity && units === undefined)
    section.error(undefined, '"ProvisionedThroughput" is missing, as the table is billed by it');
  section.ignore('ProvisionedThroughput');
  const included = projection?.texts('NonKeyAttributes') ?? [];
  return {
    IndexName: section.text('IndexName', { required: true }) ?? '',
    KeySchema: keysOf(section),
    Projection: { ProjectionType: type ?? 'ALL', ...(included.length > 0 && { NonKeyAttributes: included }) },
    ...(units !== undefined && { ProvisionedThroughput: units }),
  };
}

/** DynamoDB refuses attributes that no key uses, and keys that are no attributes. */
function checkAttributes(
  section: Section,
  attributes: readonly { readonly AttributeName: string }[],
  schemas: readonly (readonly Key[])[],
): void {
  const defined = attributes.map(({ AttributeName }) => AttributeName);
  const used = schemas.flat().map(({ AttributeName }) => AttributeName);
  for (const name of new Set(used)) {
    if (!defined.includes(name))
      section.error('AttributeDefinitions', `key attribute "${name}" is not in AttributeDefinitions`);
  }
  for (const name of defined) {
    if (!used.includes(name))
      section.error(
        'AttributeDefinitions',
        `attribute "${name}" is no key of the table or an index; DynamoDB refuses it`,
      );
  }
}

function billing(section: Section): { readonly BillingMode: string } & Readonly<Record<string, unknown>> {
  section.ignore('OnDemandThroughput', 'WarmThroughput');
  const isSimple = !section.has('BillingMode') && !section.has('KeySchema');
  const mode = section.text('BillingMode', { of: ['PROVISIONED', 'PAY_PER_REQUEST'] });
  const units = unitsOf(section);
  if (mode === 'PAY_PER_REQUEST' || (isSimple && units === undefined))
    return { BillingMode: 'PAY_PER_REQUEST' };
  if (units === undefined)
    section.error(
      'BillingMode',
      '"ProvisionedThroughput" is missing: a table is billed by it unless BillingMode is PAY_PER_REQUEST',
    );
  return {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: units ?? { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  };
}

/** Of a global table there is the one replica here, without limits. */
function globalBilling(section: Section): { readonly BillingMode: string } {
  section.ignore(
    'BillingMode',
    'Replicas',
    'WriteProvisionedThroughputSettings',
    'ReadProvisionedThroughputSettings',
  );
  section.ignore(
    'WriteOnDemandThroughputSettings',
    'ReadOnDemandThroughputSettings',
    'WarmThroughput',
    'MultiRegionConsistency',
  );
  return { BillingMode: 'PAY_PER_REQUEST' };
}

function streamOf(section: Section): Readonly<Record<string, unknown>> {
  const stream = section.section('StreamSpecification');
  if (stream === undefined) return {};
  stream.ignore('ResourcePolicy');
  const view = stream.text('StreamViewType', {
    required: true,
    of: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'],
  });
  return view === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: view } };
}

function unitsOf(section: Section): Readonly<Record<string, number>> | undefined {
  const throughput = section.section('ProvisionedThroughput');
  const range = { least: 1, most: 1_000_000 };
  return (
    throughput && {
      ReadCapacityUnits: throughput.integer('ReadCapacityUnits', range) ?? 1,
      WriteCapacityUnits: throughput.integer('WriteCapacityUnits', range) ?? 1,
    }
  );
}
