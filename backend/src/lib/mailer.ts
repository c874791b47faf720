import { createTransport } from 'nodemailer';

export type Mail = {
  /** the same for the same mail, so that a mail server that gets it twice shows it once */
  messageId: string;
  to: string;
  subject: string;
  text: string;
};

/** Takes a mail to where mails go. @throws when it was not accepted, with the server's words */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void };

/**
 * Sends by SMTP.
 * @param settings.url `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte
 * @param settings.from as it stands in the mail: `Alder Row <classroom@alder.example>`
 */
export function createSmtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    // A mail server that does not answer must not hold a worker's place.
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.replace(/^.*@/, '').replace(/[^\w.-].*$/, '') || 'localhost';
  return {
    send: async ({ messageId, to, subject, text }) => {
      const headers = { 'auto-submitted': 'auto-generated' };
      const address = { name: '', address: to };
      await transport.sendMail({
        messageId: `<${messageId}@${domain}>`,
        from,
        to: address,
        subject,
        text,
        headers,
      });
    },
    close: () => transport.close(),
  };
}
