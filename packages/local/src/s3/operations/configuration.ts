/**
 * Documents that say how a bucket behaves: put, got and deleted alike.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { preflight, readRules } from '../cors.ts';
import { malformedXml, notImplemented, S3Error } from '../errors.ts';
import { BODY_HEADERS } from '../headers.ts';
import { readLifecycle } from '../lifecycle.ts';
import { readTargets, withIds } from '../notification-targets.ts';
import { readPolicy } from '../policy-document.ts';
import { receiveText } from '../receive.ts';
import type { Operation } from '../service.ts';
import { childrenOf, onlyChildren, readXml, textOf } from '../xml-read.ts';
import type { Element } from '../xml-read.ts';
import { writeElement } from '../xml-write.ts';

/** One kind of document. */
interface Kind {
  /** As in the names of its operations: `Bucket…`. */
  readonly name: string;
  /** Query parameter. */
  readonly parameter: string;
  readonly headers?: readonly string[];
  /** Checks a document, and gives it as it is kept. */
  readonly check: (text: string) => string;
  /** What a bucket without one answers. */
  readonly missing: () => string | S3Error;
  readonly deletable: boolean;
  /** Status of a put. */
  readonly accepted: 200 | 204;
}

const KINDS: readonly Kind[] = [
  {
    name: 'Versioning',
    parameter: 'versioning',
    check: (text) => kept(checkedVersioning(readXml(text))),
    missing: () => kept({ name: 'VersioningConfiguration', children: [], text: '' }),
    deletable: false,
    accepted: 200,
  },
  {
    name: 'NotificationConfiguration',
    parameter: 'notification',
    headers: ['x-amz-skip-destination-validation'],
    check(text) {
      const root = withIds(readXml(text));
      readTargets(root);
      return kept(root);
    },
    missing: () => kept({ name: 'NotificationConfiguration', children: [], text: '' }),
    deletable: false,
    accepted: 200,
  },
  {
    name: 'Cors',
    parameter: 'cors',
    check(text) {
      const root = readXml(text);
      readRules(root);
      return kept(root);
    },
    missing: () => new S3Error(404, 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    deletable: true,
    accepted: 200,
  },
  {
    name: 'LifecycleConfiguration',
    parameter: 'lifecycle',
    headers: ['x-amz-transition-default-minimum-object-size'],
    check: (text) => kept(readLifecycle(readXml(text))),
    missing: () =>
      new S3Error(404, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
    deletable: true,
    accepted: 200,
  },
  {
    name: 'Policy',
    parameter: 'policy',
    headers: ['x-amz-confirm-remove-self-bucket-access'],
    check(text) {
      readPolicy(text);
      return text;
    },
    missing: () => new S3Error(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist'),
    deletable: true,
    accepted: 204,
  },
];

export const configurationOperations: readonly Operation[] = KINDS.flatMap(operationsOf);

/** What a browser asks before it sends. */
export const preflightOperations: readonly Operation[] = (['bucket', 'object'] as const).map((on) => ({
  name: 'Preflight',
  method: 'OPTIONS',
  on,
  query: ['*'],
  headers: ['*'],
  run: preflight,
}));

function operationsOf(kind: Kind): readonly Operation[] {
  const { name, parameter } = kind;
  const asked = { on: 'bucket', needs: [parameter] } as const;
  const put: Operation = {
    name: `PutBucket${name}`,
    action: `s3:PutBucket${name}`,
    method: 'PUT',
    ...asked,
    headers: [...BODY_HEADERS, ...(kind.headers ?? [])],
    async run(request, { store }): Promise<Answer> {
      store.bucket(request.bucket);
      const document = kind.check(await receiveText(request));
      store.bucket(request.bucket);
      store.change([{ type: 'configuration', bucket: request.bucket, name: parameter, document }]);
      return done(kind.accepted);
    },
  };
  const get: Operation = {
    name: `GetBucket${name}`,
    action: `s3:GetBucket${name}`,
    method: 'GET',
    ...asked,
    run({ bucket }, { store }) {
      const body = store.bucket(bucket).configurations.get(parameter)?.document ?? kind.missing();
      if (body instanceof S3Error) throw body;
      const type = parameter === 'policy' ? 'application/json' : 'application/xml';
      return { status: 200, headers: { 'content-type': type }, body };
    },
  };
  const remove: Operation = {
    name: `DeleteBucket${name}`,
    action: `s3:PutBucket${name}`,
    method: 'DELETE',
    ...asked,
    run({ bucket }, { store }) {
      store.bucket(bucket);
      store.change([{ type: 'configuration', bucket, name: parameter, document: null }]);
      return done(204);
    },
  };
  return kind.deletable ? [put, get, remove] : [put, get];
}

function checkedVersioning(root: Element): Element {
  onlyChildren(root, ['Status', 'MfaDelete']);
  const status = textOf(root, 'Status');
  if (childrenOf(root, 'MfaDelete').some(({ text }) => text === 'Enabled'))
    throw notImplemented('element MfaDelete');
  if (root.name !== 'VersioningConfiguration' || (status !== 'Enabled' && status !== 'Suspended'))
    throw malformedXml();
  return root;
}

function kept(root: Element): string {
  return writeElement(root);
}
