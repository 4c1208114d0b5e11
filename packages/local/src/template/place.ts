/** A place in the template, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Something in a template that is wrong or not played here. */
export interface Finding {
  /** `error`: the app cannot be played so. `unknown`: left out, the rest plays. */
  readonly severity: 'error' | 'unknown';
  readonly message: string;
  readonly place: Place;
}
