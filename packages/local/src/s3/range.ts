/**
 * Which bytes of an object a request asks for.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import { S3Error } from './errors.ts';

export interface Range {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads one `bytes=` range.
 *
 * @returns undefined where the header is to be passed over: other units, several ranges, last before first
 * @throws S3Error `InvalidRange` where it lies behind the end
 */
export function rangeOf(header: string | undefined, size: number): Range | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/u.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw outside(header, size);
    return { start: size - length, length };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Number(last);
  if (last !== '' && end < start) return undefined;
  if (start >= size) throw outside(header, size);
  return { start, length: Math.min(end, size - 1) - start + 1 };
}

export function contentRange({ start, length }: Range, size: number): string {
  return `bytes ${start}-${start + length - 1}/${size}`;
}

function outside(header = '', size: number): S3Error {
  return new S3Error(
    416,
    'InvalidRange',
    'The requested range is not satisfiable',
    { RangeRequested: header, ActualObjectSize: String(size) },
    { 'content-range': `bytes */${size}` },
  );
}
