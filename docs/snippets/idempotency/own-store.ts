import { customStore, memoryStore } from 'handlersmith/idempotency';

const inMemory = memoryStore();

/** A store that says what it is asked. */
export const store = customStore({
  claim: (key, request) => {
    console.log(`claim ${key} for ${request.lease} ms`);
    return inMemory.claim(key, request);
  },
  complete: (key, token, result, ttl) => inMemory.complete(key, token, result, ttl),
  release: (key, token) => inMemory.release(key, token),
});
