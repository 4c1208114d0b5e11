import { type CompiledSchema, httpHandler } from 'handlersmith/http';

interface Greeting {
  name: string;
}

// What `ajv compile` writes has this form: a function that tells, and leaves its errors on itself.
const isGreeting: CompiledSchema<Greeting> = (data): data is Greeting => {
  const valid = typeof (data as Partial<Greeting> | null)?.name === 'string';
  isGreeting.errors = valid ? null : [{ instancePath: '/name', message: 'must be string' }];
  return valid;
};

export const handler = httpHandler({ body: isGreeting }, ({ body }) => ({ hello: body.name }));
