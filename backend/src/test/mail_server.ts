import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

export type ReceivedMail = { to: string[]; raw: string };

/** A mail server over its real protocol, on a port of its own; it keeps what it takes. */
export async function startMailServer() {
  const mails: ReceivedMail[] = [];
  const refusing = { next: 0 };
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onRcptTo: (_address, _session, done) => {
      if (refusing.next-- > 0) done(Object.assign(new Error('mailbox is busy'), { responseCode: 450 }));
      else done();
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, raw: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    /** the next so many recipients are refused for the moment */
    refuse: (times: number) => {
      refusing.next = times;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
