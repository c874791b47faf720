import { describe, expect, it } from 'vitest';
import { compareVersions, nextVersion, withName, withVersion } from './version_number';

describe('versions', () => {
  it('compare as numbers, not as text', () => {
    expect(compareVersions('1.10.0', '1.9.3')).toBe(1);
    expect(compareVersions('2.0.0', '2.0.0')).toBe(0);
  });
  it('step to the next minor of the highest', () => {
    expect(nextVersion(['1.2.0', '1.10.1', '1.9.0'])).toBe('1.11.0');
    expect(nextVersion([])).toBe('1.0.0');
  });
  it('change one line of the text and leave comments alone', () => {
    const yaml = '# mine\nname: Coach\nversion: 1.0.0 # first\nbehavior: |\n  version: not this one\n';
    expect(withVersion(yaml, '1.1.0')).toBe(
      '# mine\nname: Coach\nversion: 1.1.0\nbehavior: |\n  version: not this one\n',
    );
  });
  it('add the line when the text has none', () => {
    expect(withVersion('name: Coach\n', '1.0.0')).toBe('version: 1.0.0\nname: Coach\n');
  });
  it('quote a name, so that a colon or a dollar in it stays a name', () => {
    expect(withName('name: x\n', 'Why: $1?')).toBe('name: "Why: $1?"\n');
  });
});
