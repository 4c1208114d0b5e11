import { httpHandler } from 'handlersmith/http';

export const handler = httpHandler(
  {
    // Made on first use, once per environment, shared by overlapping invocations.
    resources: async () => ({ settings: await loadSettings(), startedAt: new Date() }),
  },
  ({ resources }) => ({ currency: resources.settings.currency }),
);

async function loadSettings(): Promise<{ currency: string }> {
  return { currency: 'EUR' };
}
