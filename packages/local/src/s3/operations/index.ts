/**
 * Every operation of S3 that this server knows.
 *
 * @module
 */
import type { Operation } from '../service.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './bucket.ts';
import { completeMultipartUpload } from './complete.ts';
import { deleteObject, deleteObjects } from './delete.ts';
import { getObject, headObject } from './get.ts';
import { listObjects, listObjectsV2 } from './list.ts';
import { putObject } from './put.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './upload.ts';
import { listMultipartUploads, listParts } from './uploads.ts';

export const OPERATIONS: readonly Operation[] = [
  abortMultipartUpload,
  completeMultipartUpload,
  createBucket,
  createMultipartUpload,
  deleteBucket,
  deleteObject,
  deleteObjects,
  getBucketLocation,
  getObject,
  headBucket,
  headObject,
  listBuckets,
  listMultipartUploads,
  listObjects,
  listObjectsV2,
  listParts,
  putObject,
  uploadPart,
];
