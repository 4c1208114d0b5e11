/**
 * Names that a bucket may have.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
import { S3Error } from './errors.ts';

const ALLOWED = /^(?=.{3,63}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/u;
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/u;
const RESERVED_START = /^(?:xn--|sthree-|amzn-s3-demo-)/u;
const RESERVED_END = /(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/u;

/** @throws S3Error `InvalidBucketName` */
export function checkBucketName(name: string): void {
  const allowed =
    ALLOWED.test(name) && !ADDRESS.test(name) && !RESERVED_START.test(name) && !RESERVED_END.test(name);
  if (!allowed)
    throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
}
