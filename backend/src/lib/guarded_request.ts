import { lookup as resolveByDns } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError } from './app_error';

export type GuardedRequest = {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
};
export type GuardedAnswer = { status: number; headers: IncomingMessage['headers']; text: string };
type Resolved = { address: string; family: number }[];
/** As `lookup` of `node:dns` when it is asked for all addresses. */
export type ResolveName = (
  name: string,
  options: { all: true },
  done: (error: Error | null, found: Resolved) => void,
) => void;

export type GuardOptions = {
  /**
   * Hosts, with or without a port, that may lie on a private network; everything else must be public. Whoever runs
   * the installation names them, nobody who uses it.
   */
  allowedHosts: string[];
  /** for the whole answer, in milliseconds */
  timeoutMs: number;
  mostBytes: number;
  /** how names become addresses; tests have names that change their mind */
  resolveName?: ResolveName;
};

/** Everything a server of a school must not be talked into asking (RFC 6890 and its registries). */
const forbidden = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv4');
}
/** Of IPv6 only global unicast is asked, and of that nothing that stands for an IPv4 address or for examples. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !forbidden.check(address, 'ipv4');
  if (isIP(address) !== 6) return false;
  return globalUnicast.check(address, 'ipv6') && !forbidden.check(address, 'ipv6');
}

/**
 * Asks another system, at an address somebody has typed in. The address that is checked is the one that is connected
 * to: the check stands between resolving and connecting, so a name that resolves differently a moment later gains
 * nothing. Redirects are not followed, they come back as they are.
 * @throws AppError BAD_REQUEST for an address that must not be asked, SERVICE_UNAVAILABLE when there is no answer
 */
export function requestGuarded(
  address: URL,
  { method = 'GET', headers = {}, body }: GuardedRequest,
  { allowedHosts, timeoutMs, mostBytes, resolveName = resolveByDns }: GuardOptions,
): Promise<GuardedAnswer> {
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new AppError('BAD_REQUEST', 'Only http and https addresses can be asked.');
  }
  if (address.username || address.password) {
    throw new AppError('BAD_REQUEST', 'An address must not have a name and password in it.');
  }
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const port = address.port || (address.protocol === 'https:' ? '443' : '80');
  const allowed = allowedHosts.some((entry) => {
    const name = entry.toLowerCase();
    return name === host || name === `${host}:${port}` || name === `[${host}]:${port}`;
  });
  // A literal is never looked up, so it is looked at here.
  if (!allowed && isIP(host) && !isPublicAddress(host)) throw notAllowed(address);
  const lookup: LookupFunction = (name, options, done) => {
    resolveName(name, { all: true }, (error, found) => {
      if (error) return done(error, '');
      const usable = allowed ? found : found.filter(({ address: each }) => isPublicAddress(each));
      const [first] = usable;
      if (!first) return done(notAllowed(address), '');
      if (options.all) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
  return new Promise((resolve, reject) => {
    const send = address.protocol === 'https:' ? requestHttps : requestHttp;
    const signal = AbortSignal.timeout(timeoutMs);
    const req = send(address, { method, headers, lookup, agent: false, signal }, (res) => {
      const parts: Buffer[] = [];
      let size = 0;
      res.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostBytes)
          req.destroy(new AppError('BAD_REQUEST', `${address.host} answers with too much.`));
        else parts.push(part);
      });
      res.on('error', fail);
      res.on('aborted', () => fail(new Error('the answer was cut')));
      res.on('end', () => {
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    const fail = (error: Error) => {
      if (error instanceof AppError) return reject(error);
      const why = signal.aborted
        ? `did not answer within ${timeoutMs / 1_000} s`
        : `cannot be reached (${reasonOf(error)})`;
      reject(new AppError('SERVICE_UNAVAILABLE', `${address.host} ${why}.`));
    };
    req.on('error', fail);
    req.end(body);
  });
}

function notAllowed(address: URL): AppError {
  return new AppError(
    'BAD_REQUEST',
    `${address.host} is on a private network. Whoever runs this installation can allow it by ALLOWED_PRIVATE_HOSTS.`,
  );
}

/** The system's short name for what went wrong; longer texts may hold what the other side wrote. */
function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'the line was cut';
}
