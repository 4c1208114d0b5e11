import type { Finding } from '../template/app.ts';

/** A template that cannot be played, with everything that stands in the way. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ message, place }) => `${place.file}:${place.line}: ${message}`).join('\n'));
    this.findings = findings;
  }
}
