import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import type { App } from './app.ts';
import { readTemplate } from './read.ts';
import type { ReadTemplateOptions } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'template-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'app.ts'), 'export const handler = async () => {};\n');

/** Reads a template from its text. There is an `app.ts` beside it, with a handler. */
export async function read(text: string, options: ReadTemplateOptions = {}): Promise<App> {
  const file = join(folder, 'template.yaml');
  writeFileSync(file, text);
  return readTemplate(file, {
    stackName: 'shop',
    accountId: '123456789012',
    region: 'eu-west-1',
    ...options,
  });
}

/** Findings as `line severity message`. */
export function told({ findings }: App): readonly string[] {
  return findings.map(({ severity, message, place }) => `${place.line} ${severity} ${message}`);
}

/** A SAM template with one function, `Work`, and what else is given; all on the left margin. */
export function sam(resources: string, properties = ''): string {
  return [
    'Transform: AWS::Serverless-2016-10-31',
    'Resources:',
    '  Work:',
    '    Type: AWS::Serverless::Function',
    '    Properties:',
    '      Runtime: nodejs24.x',
    '      CodeUri: .',
    '      Handler: app.handler',
    ...indent(properties, 6),
    ...indent(resources, 2),
    '',
  ].join('\n');
}

/** A CloudFormation template with one function, `Work`, and what else is given; all on the left margin. */
export function cloudFormation(resources: string, properties = ''): string {
  return sam(resources, properties)
    .replace(/^Transform: .*$/m, "AWSTemplateFormatVersion: '2010-09-09'")
    .replace('AWS::Serverless::Function', 'AWS::Lambda::Function')
    .replace('CodeUri: .', 'Code: { S3Bucket: code, S3Key: code.zip }');
}

/** The value that an output has; it is where intrinsic functions show. */
export async function valueOf(
  value: string,
  before = '',
): Promise<{ readonly value: unknown; readonly told: readonly string[] }> {
  const text = [
    before,
    'Resources:',
    '  Queue: { Type: AWS::SQS::Queue }',
    '  Table: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }] } }',
    'Outputs:',
    `  Value: { Value: ${value} }`,
  ].join('\n');
  const app = await read(text.replace(/^\n/, ''));
  return { value: app.outputs['Value'], told: told(app).map((line) => line.replace(/^\d+ /, '')) };
}

function indent(text: string, by: number): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => ' '.repeat(by) + line.slice(margin));
}
