import { created, httpHandler } from 'handlersmith/http';

/** Takes any object: what is measured is how the body is read, not a validator. */
const anything = {
  '~standard': {
    version: 1,
    vendor: 'bench',
    validate: (value: unknown): { value: { name: string } } => ({
      // The job sends an object with a name.
      value: value as { name: string },
    }),
    types: undefined as { input: unknown; output: { name: string } } | undefined,
  },
} as const;

export const handler = httpHandler(
  { service: 'items', body: anything, cors: { origins: ['*'] }, accessLog: false, logger: false },
  ({ body }) => created({ name: body.name }),
);
