/**
 * Every operation of S3 that this server knows.
 *
 * @module
 */
import type { Operation } from '../service.ts';
import { getObjectAttributes } from './attributes.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './bucket.ts';
import { completeMultipartUpload } from './complete.ts';
import { configurationOperations, preflightOperations } from './configuration.ts';
import { copyObject, uploadPartCopy } from './copy.ts';
import { deleteObject, deleteObjects } from './delete.ts';
import { getObject, headObject } from './get.ts';
import { listObjects, listObjectsV2 } from './list.ts';
import { putObject } from './put.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './upload.ts';
import { listMultipartUploads, listParts } from './uploads.ts';
import { listObjectVersions } from './versions.ts';

export const OPERATIONS: readonly Operation[] = [
  ...configurationOperations,
  ...preflightOperations,
  abortMultipartUpload,
  completeMultipartUpload,
  copyObject,
  createBucket,
  createMultipartUpload,
  deleteBucket,
  deleteObject,
  deleteObjectTagging,
  deleteObjects,
  getBucketLocation,
  getObject,
  getObjectAttributes,
  getObjectTagging,
  headBucket,
  headObject,
  listBuckets,
  listMultipartUploads,
  listObjectVersions,
  listObjects,
  listObjectsV2,
  listParts,
  putObject,
  putObjectTagging,
  uploadPart,
  uploadPartCopy,
];
