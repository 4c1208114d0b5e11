// @ts-check
/**
 * Text that fits its place in the drawing, where no style cuts it.
 *
 * @module
 */

const canvas = document.createElement('canvas').getContext('2d');

/** Pixels that a text takes. @param {string} text @param {string} font weight and size, such as `580 13.5px` */
export function widthOf(text, font) {
  if (canvas === null) return 0;
  canvas.font = `${font} ${getComputedStyle(document.documentElement).fontFamily}`;
  return canvas.measureText(text).width;
}

/** The text, or its beginning where it is too long. @param {string} text @param {string} font @param {number} room pixels */
export function fitted(text, font, room) {
  if (widthOf(text, font) <= room) return text;
  let length = text.length - 1;
  while (length > 1 && widthOf(`${text.slice(0, length)}…`, font) > room) length -= 1;
  return `${text.slice(0, length)}…`;
}
