import type { LinkPurpose } from '@raptscallions/zod-schemas/auth.zod';

/** Where a link leads. Its secret stands behind the #, which no server and no proxy writes into a log. */
export function linkUrl(origin: string, token: string): string {
  return `${origin}/link#${token}`;
}

type LinkMail = { purpose: LinkPurpose; name: string; schoolName: string; url: string };

const words: Record<LinkPurpose, (mail: LinkMail) => { subject: string; lines: string[] }> = {
  invitation: ({ schoolName, url }) => ({
    subject: `Your way into the AI classroom of ${schoolName}`,
    lines: [
      `${schoolName} has made an account for you. Choose a password here to begin:`,
      url,
      'The link works once, within seven days. If it comes too late, ask your school for another.',
    ],
  }),
  reset: ({ schoolName, url }) => ({
    subject: `A new password for ${schoolName}`,
    lines: [
      `Somebody, probably you, has asked for a new password at ${schoolName}. Choose it here:`,
      url,
      'The link works once, within an hour. If it was not you, do nothing: your password stays as it is.',
    ],
  }),
  verification: ({ schoolName, url }) => ({
    subject: `Confirm your address for ${schoolName}`,
    lines: [
      `This address was given for your account at ${schoolName}. Confirm it here:`,
      url,
      'The link works once, within a day. If it was not you, do nothing.',
    ],
  }),
};

/** The mail that carries a link, as plain text: nothing in it is loaded, tracked or run. */
export function writeLinkMail(mail: LinkMail): { subject: string; text: string } {
  const { subject, lines } = words[mail.purpose](mail);
  return {
    subject: oneLine(subject),
    text: [`Hello ${oneLine(mail.name)},`, ...lines, 'Raptscallions'].join('\n\n'),
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
