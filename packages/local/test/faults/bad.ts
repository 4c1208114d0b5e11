/** Functions that do what no function should. */

export function throws(): never {
  throw new Error('cannot do it');
}

export async function hangs(): Promise<never> {
  return new Promise(() => {});
}

export function spins(): never {
  for (;;);
}

export function exits(): never {
  process.exit(3);
}

export function aborts(): never {
  process.abort();
}

/** Left over: a timer, a rejection that nobody looks at. */
export async function leaks(): Promise<string> {
  setInterval(() => {}, 1_000);
  return 'leaked';
}

export async function rejects(): Promise<string> {
  void Promise.reject(new Error('nobody looks at it'));
  return new Promise((resolve) => setTimeout(resolve, 500, 'too late'));
}

/** 100 MB, in lines and in one piece. */
export async function prints(): Promise<string> {
  const line = `${'x'.repeat(1_023)}\n`;
  for (let count = 0; count < 50 * 1024; count += 1) process.stdout.write(line);
  process.stderr.write('y'.repeat(50 * 1024 * 1024));
  return 'printed';
}

export async function nonsense(): Promise<object> {
  return { number: 1n };
}

export async function cycles(): Promise<object> {
  const answer: { self?: object } = {};
  answer.self = answer;
  return answer;
}

export async function swells(): Promise<string> {
  return 'z'.repeat(7 * 1024 * 1024);
}

export async function good(): Promise<string> {
  return 'good';
}
