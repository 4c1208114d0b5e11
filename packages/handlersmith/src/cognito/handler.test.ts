import { captureLogs, cognitoEvent, frozen, invoke, lambdaContext, manualClock } from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';

import { memoryStore } from '../idempotency/index.ts';
import { cognitoHandler, type CognitoOptions, refusal } from './index.ts';

const silent = { logger: false } as const;

const errorOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error, // the expectation tells
  );

const signUp = (userName = 'u1') =>
  cognitoEvent('PreSignUp_SignUp', { userName, userAttributes: { email: 'ada@example.com' } });

const sends = () => ({ sent: true });

const oncePerUser = (): CognitoOptions => ({
  ...silent,
  idempotency: {
    store: memoryStore(),
    key: ({ source, userPoolId, userName }) => [source, userPoolId, userName],
  },
});

describe('the answer', () => {
  it('A7 is a copy of the event with what the function returned in its response', async () => {
    const handler = cognitoHandler(silent, { preSignUp: async () => ({ autoConfirmUser: true }) });
    const event = signUp();
    const answer = await invoke(handler, frozen(event));
    expect(answer).toEqual({ ...event, response: { ...event.response, autoConfirmUser: true } });
    expect(answer).not.toBe(event);
  });

  it('A7 has what a function wrote into the event, and the caller has not', async () => {
    const handler = cognitoHandler(silent, {
      preSignUp: ({ event }) => {
        event.response.autoVerifyEmail = true;
      },
    });
    const event = signUp();
    expect(await invoke(handler, event)).toMatchObject({ response: { autoVerifyEmail: true } });
    expect(event.response).toMatchObject({ autoVerifyEmail: false });
  });

  it('is the event as it came when a function returns nothing', async () => {
    const event = signUp();
    expect(await invoke(cognitoHandler(silent, { preSignUp: () => {} }), event)).toEqual(event);
  });

  it.each([
    'PostConfirmation_ConfirmSignUp',
    'PreAuthentication_Authentication',
    'PostAuthentication_Authentication',
  ])('holds nothing of what is returned where the response has no fields: %s', async (source) => {
    const handler = cognitoHandler(silent, {
      postConfirmation: sends,
      preAuthentication: sends,
      postAuthentication: sends,
    });
    expect(await invoke(handler, cognitoEvent(source))).toHaveProperty('response', {});
  });

  it.each([[true], ['text'], [null], [[1]]])('A9 %o is no response', async (returned) => {
    const handler = cognitoHandler(silent, { preSignUp: () => returned as never }); // wrong on purpose
    const { cause } = await errorOf(invoke(handler, signUp()));
    expect(String(cause)).toContain('must return fields of the response');
  });
});

describe('the choice of a function', () => {
  const called: string[] = [];
  const note = (name: string) => () => void called.push(name);
  const handler = cognitoHandler(silent, {
    preSignUp: note('preSignUp'),
    postConfirmation: note('postConfirmation'),
    preAuthentication: note('preAuthentication'),
    postAuthentication: note('postAuthentication'),
    preTokenGeneration: note('preTokenGeneration'),
    preTokenGenerationV2: note('preTokenGenerationV2'),
    customMessage: note('customMessage'),
    defineAuthChallenge: note('defineAuthChallenge'),
    createAuthChallenge: note('createAuthChallenge'),
    verifyAuthChallengeResponse: note('verifyAuthChallengeResponse'),
    userMigration: note('userMigration'),
  });

  it.each([
    ['PreSignUp_AdminCreateUser', '1', 'preSignUp'],
    ['PostConfirmation_ConfirmForgotPassword', '1', 'postConfirmation'],
    ['PreAuthentication_Authentication', '1', 'preAuthentication'],
    ['PostAuthentication_Authentication', '1', 'postAuthentication'],
    ['TokenGeneration_RefreshTokens', '1', 'preTokenGeneration'],
    ['TokenGeneration_RefreshTokens', '2', 'preTokenGenerationV2'],
    ['TokenGeneration_ClientCredentials', '3', 'preTokenGenerationV2'],
    ['CustomMessage_ResendCode', '1', 'customMessage'],
    ['DefineAuthChallenge_Authentication', '1', 'defineAuthChallenge'],
    ['CreateAuthChallenge_Authentication', '1', 'createAuthChallenge'],
    ['VerifyAuthChallengeResponse_Authentication', '1', 'verifyAuthChallengeResponse'],
    ['UserMigration_ForgotPassword', '1', 'userMigration'],
  ] as const)('goes by trigger source and version: %s, %s', async (source, version, name) => {
    called.length = 0;
    await invoke(handler, cognitoEvent(source, { version }));
    expect(called).toEqual([name]);
  });

  it.each(['CustomEmailSender_SignUp', 'constructor_x', 'PreSignUpLater_X'])(
    'A9 a trigger that no function is for fails, and the log names it: %s',
    async (source) => {
      const only = cognitoHandler({}, { preSignUp: () => {} });
      const { result, raw } = await captureLogs(() => errorOf(invoke(only, cognitoEvent(source))));
      expect(result.name).toBe('CognitoTriggerFailed');
      expect(raw.join('')).toContain(source);
    },
  );

  it("goes back unchanged where unknown is 'pass', with a log line", async () => {
    const only = cognitoHandler({ unknown: 'pass' }, { preSignUp: () => {} });
    const event = cognitoEvent('CustomMessage_SignUp');
    const { result, lines } = await captureLogs(() => invoke(only, event));
    expect(result).toEqual(event);
    expect(lines).toMatchObject([{ level: 'INFO', trigger_source: 'CustomMessage_SignUp' }]);
  });
});

describe('foreign events', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['records', { Records: ['hunter2'] }],
    ['an HTTP request', { version: '2.0', requestContext: {} }],
    ['one without a request', { ...signUp(), request: undefined }],
    ['one without a response', { ...signUp(), response: null }],
    ['one whose source is no text', { ...signUp(), triggerSource: 1 }],
  ])('A9 are refused: %s', async (_, event) => {
    const run = vi.fn<() => void>();
    const { message } = await errorOf(
      invoke(cognitoHandler({ ...silent, unknown: 'pass' }, { preSignUp: run }), event),
    );
    expect(message).toMatch(/Expected an event of a Cognito user pool.*got /);
    expect(message).not.toContain('hunter2');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('what a function gets', () => {
  it('is the request and where it comes from', async () => {
    let seen: object = {};
    const handler = cognitoHandler(
      { ...silent, resources: async () => 'made' },
      {
        preSignUp: ({ request, source, userName, userPoolId, clientId, resources }) => {
          seen = {
            email: request.userAttributes['email'],
            source,
            userName,
            userPoolId,
            clientId,
            resources,
          };
        },
      },
    );
    await invoke(handler, signUp());
    expect(seen).toEqual({
      email: 'ada@example.com',
      source: 'PreSignUp_SignUp',
      userName: 'u1',
      userPoolId: 'eu-west-1_Example01',
      clientId: '1example23456789',
      resources: 'made',
    });
  });

  it('A4 needs no context, no user and no caller', async () => {
    let seen: unknown;
    const handler = cognitoHandler(silent, {
      preTokenGenerationV2: ({ userName, clientId }) => void (seen = { userName, clientId }),
    });
    const {
      userName: _name,
      callerContext: _caller,
      ...bare
    } = cognitoEvent('TokenGeneration_ClientCredentials', {
      version: '3',
    });
    await handler(bare as ReturnType<typeof cognitoEvent>); // a hand-made event
    expect(seen).toEqual({ userName: '', clientId: '' });
  });
});

describe('failures', () => {
  it('H16 an error is logged once with its cause, and the user is shown none of it', async () => {
    const handler = cognitoHandler(
      {},
      {
        preSignUp: () => {
          throw new Error('password of the database: hunter2');
        },
      },
    );
    const { result, lines } = await captureLogs(() => errorOf(invoke(handler, signUp())));
    expect(result.message).not.toContain('hunter2');
    expect(result.message).toContain('Please try again');
    expect(lines).toHaveLength(1);
    expect(lines).toMatchObject([
      { level: 'ERROR', error: { cause: { message: expect.stringContaining('database') } } },
    ]);
  });

  it('H16 a refusal is shown as it is', async () => {
    const handler = cognitoHandler(silent, {
      preSignUp: () => {
        throw refusal('Please use your work address.');
      },
    });
    expect((await errorOf(invoke(handler, signUp()))).message).toBe('Please use your work address.');
  });

  it("A5 work is stopped before Cognito's five seconds, however long the function may run", async () => {
    let left = 0;
    const handler = cognitoHandler(silent, { preSignUp: ({ remaining }) => void (left = remaining()) });
    await invoke(handler, signUp(), lambdaContext({ timeout: 60_000, clock: manualClock() }));
    expect(left).toBeLessThanOrEqual(4800);
    expect(left).toBeGreaterThan(4000);
  });

  it('A5 the deadline ends work that hangs, and its signal aborts', async () => {
    let signal: AbortSignal | undefined;
    const handler = cognitoHandler(
      { ...silent, deadlineMargin: 50 },
      {
        preSignUp: (input) => {
          ({ signal } = input);
          return new Promise(() => {});
        },
      },
    );
    const error = await errorOf(invoke(handler, signUp(), lambdaContext({ timeout: 150 })));
    expect(error.name).toBe('DeadlineReached');
    expect(signal?.aborted).toBe(true);
  });
});

describe('idempotency', () => {
  it('O5 a retry runs nothing and gets the first response', async () => {
    let calls = 0;
    const handler = cognitoHandler(oncePerUser(), {
      customMessage: () => ({ emailSubject: `call ${(calls += 1)}` }),
    });
    const event = cognitoEvent('CustomMessage_SignUp', { userName: 'u1' });
    const first = await invoke(handler, event);
    expect(first).toMatchObject({ response: { emailSubject: 'call 1', smsMessage: null } });
    expect(await invoke(handler, event)).toEqual(first);
    await invoke(handler, cognitoEvent('CustomMessage_SignUp', { userName: 'u2' }));
    expect(calls).toBe(2);
  });

  it('O5 three at once run it once; the others fail, to come again', async () => {
    const run = vi.fn<() => Promise<void>>(() => new Promise((resolve) => void setTimeout(resolve, 20)));
    const handler = cognitoHandler(oncePerUser(), { postConfirmation: run });
    const event = cognitoEvent('PostConfirmation_ConfirmSignUp');
    const all = await Promise.allSettled([1, 2, 3].map(() => invoke(handler, event)));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('O5 a failure frees the key', async () => {
    const run = vi.fn<() => void>();
    run.mockImplementationOnce(() => {
      throw new Error('down');
    });
    const handler = cognitoHandler(oncePerUser(), { preSignUp: run });
    await errorOf(invoke(handler, signUp()));
    await invoke(handler, signUp());
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('options', () => {
  it.each([
    [{ unkown: 'fail' }, 'Did you mean "unknown"'],
    [{ unknown: 'ignore' }, `option "unknown" must be 'fail' or 'pass'`],
    [{ idempotency: { store: memoryStore() } }, 'option "key" is missing'],
  ])('A6 a wrong one fails when the handler is built: %o', (options, message) => {
    expect(() => cognitoHandler(options as CognitoOptions, { preSignUp: () => {} })).toThrow(message); // wrong on purpose
    expect(() => cognitoHandler.extend(options as CognitoOptions)).toThrow(message);
  });

  it.each([
    ['nothing', undefined, 'must be an object of functions, got undefined'],
    ['null', null, 'got null'],
    ['no function', {}, 'must have a function for a trigger'],
    ['a slip', { preSignup: () => {} }, 'unknown trigger "preSignup"'],
    ['no function but a value', { preSignUp: true }, '"preSignUp" must be a function'],
  ])('A6 wrong functions too: %s', (_, functions, message) => {
    expect(() => cognitoHandler(silent, functions as never)).toThrow(message); // wrong on purpose
  });

  it('extend fills defaults in, the manifest tells', () => {
    const userPool = cognitoHandler.extend({ service: 'accounts', unknown: 'pass' });
    expect(userPool({}, { customMessage: () => {}, preSignUp: () => {} }).manifest).toEqual({
      trigger: 'cognito',
      service: 'accounts',
      needs: ['InvokePermission'],
      triggers: ['preSignUp', 'customMessage'],
      unknown: 'pass',
    });
    expect(userPool({ unknown: 'fail' }, { preSignUp: () => {} }).manifest.unknown).toBe('fail');
  });

  it('A8 the handler takes an event and a context, and no callback', () => {
    expect(cognitoHandler(silent, { preSignUp: () => {} }).length).toBeLessThanOrEqual(2);
  });
});
