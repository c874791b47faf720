import { syncVersion } from '@raptscallions/zod-schemas/sync.zod';
import { expect, test } from 'vitest';
import { AppError } from '../../lib/app_error';
import { checkVersion } from './check_version';

test('our own version passes, and a program that says none', () => {
  checkVersion({ 'x-rapt-sync': syncVersion });
  checkVersion({});
});

test.each(['1.00000000', '', `${syncVersion}0`])(
  '“%s” is refused with a reason a browser understands',
  (version) => {
    const check = () => checkVersion({ 'x-rapt-sync': version });
    expect(check).toThrow(AppError);
    expect(check).toThrow(/Update it; nothing you wrote is lost/);
    try {
      check();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'CONFLICT',
        details: { reason: 'other_version', version: syncVersion },
      });
    }
  },
);
