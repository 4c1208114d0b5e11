/**
 * How a server answered, whatever the SDK makes of it.
 *
 * @module
 */

/**
 * @returns the HTTP status of an answer, 200 where it was taken
 * @throws what is no answer of a server
 */
export async function statusOf(ask: () => Promise<unknown>): Promise<number> {
  try {
    await ask();
    return 200;
  } catch (error) {
    const status = metadataOf(error);
    if (status === undefined) throw error;
    return status;
  }
}

function metadataOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  // Errors of the SDK's services have it.
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}
