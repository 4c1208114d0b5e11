/**
 * The queue that tells of thumbnails.
 *
 * @module
 */
import { queue } from 'handlersmith/sqs';

import { ThumbnailMade } from './schemas.ts';

/** Who receives has no URL and needs none. */
export const thumbnails = queue(ThumbnailMade, { url: process.env['THUMBNAILS_QUEUE'] });
