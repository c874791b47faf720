import { describe, expect, it } from 'vitest';
import { checkLink } from './check_link';

describe('checkLink', () => {
  it.each([
    ['https://example.org/a?b#c', 'example.org'],
    ['http://good.example@evil.example/', 'evil.example'],
    ['https://аррӏе.com/', 'xn--80ak6aa92e.com'],
    ['mailto:office@school.example', 'office@school.example'],
  ])('lets %s pass and says it leads to %s', (href, host) => {
    expect(checkLink(href)?.host).toBe(host);
  });

  it.each([
    undefined,
    '',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '//evil.example',
    '/sign-out',
    '#top',
    'mailto:',
  ])('refuses %s', (href) => {
    expect(checkLink(href)).toBeNull();
  });
});
