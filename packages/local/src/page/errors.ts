/** What was asked for makes no sense: a 400. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
}

/** What was asked for is not there: a 404. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}
