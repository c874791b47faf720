import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps texts that must be read back, such as the password of another system, unreadable where they are stored. */
export type SecretBox = {
  /** @param of what the secret belongs to; put elsewhere, it does not open */
  seal(text: string, of: string): string;
  /** @throws Error for anything that this key has not sealed for `of` */
  open(sealed: string, of: string): string;
};

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a key derived from the installation's secret (RFC 5869), so that no second one has to be kept. */
export function createSecretBox(secret: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'raptscallions secret box', 32));
  return {
    seal(text, of) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(of));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed, of) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(of))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}
