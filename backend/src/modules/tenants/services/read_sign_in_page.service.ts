import type { Config } from '../../../configs/config';
import type { Db } from '../../../db/db';
import { demoPassword, demoSignIns } from '../../../db/seeds/demo_people';
import { stored } from '../../../db/stored_id';
import type { SignInPage } from '../../../procedures/context';
import { configuredProviders } from '../../auth/identity_providers';

/**
 * What the sign-in page may tell anybody: the name of the only district there is, and the demo school's people
 * while it exists. In production nobody is offered to step into anybody's shoes.
 * @param db of the system role
 */
export async function readSignInPage(db: Db, config: Config): Promise<SignInPage> {
  const tenants = await db.tenants.where({ name: { not: 'System' } }).limit(2);
  const [only] = tenants;
  const offered = config.NODE_ENV !== 'production' && tenants.some((tenant) => tenant.demo);
  const school = only
    ? await db.groups.where({ ...stored({ tenantId: only.tenantId }), kind: 'district' }).takeOptional()
    : undefined;
  return {
    providers: configuredProviders(config).map(({ id, name }) => ({ id, name })),
    schoolCode: tenants.length === 1 ? (only?.schoolCode ?? null) : null,
    schoolName: tenants.length === 1 ? (school?.name ?? only?.name ?? null) : null,
    demo: offered
      ? {
          password: demoPassword,
          people: demoSignIns.map(({ name, email, role, note }) => ({ name, email, role, note })),
        }
      : null,
  };
}
