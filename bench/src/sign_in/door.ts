import { Agent, request } from 'node:http';

/** The door of one system: where passwords are tried, and how it is told who calls. */
export type Door = { url: string; addressHeaders(address: string): Record<string, string> };

const path = '/api/auth/sign-in/email';

/** One try. @returns the HTTP status and how long it took, in milliseconds */
export function tryDoor(
  { url, addressHeaders }: Door,
  agent: Agent,
  person: { email: string; password: string; address: string },
): Promise<{ status: number; ms: number }> {
  const { email, password, address } = person;
  const body = JSON.stringify({ email, password });
  const headers = { 'content-type': 'application/json', origin: url, ...addressHeaders(address) };
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - begun }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Does the work for 0 to `count` - 1, so many at a time. */
export async function inLanes(
  count: number,
  lanes: number,
  work: (at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const at = next;
      next++;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export function openAgent(sockets: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: sockets });
}
