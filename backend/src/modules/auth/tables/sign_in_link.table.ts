import { linkDelivery, linkPurpose } from '@raptscallions/zod-schemas/auth.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { UserTable } from '../../users/tables/user.table';

/** A link that lets one person in, once, and the mail that carries it. Its secret is nowhere: see `link_tokens.ts`. */
export class SignInLinkTable extends BaseTable {
  readonly table = 'sign_in_links';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      signInLinkId: t.richId('signinlink'),
      userId: t.richId('user'),
      purpose: t.zodEnum('link_purpose', linkPurpose),
      /** where it goes; null for somebody without an address */
      email: t.string(255).nullable(),
      expiresAt: t.timestampNumber(),
      usedAt: t.timestampNumber().nullable(),
      delivery: t.zodEnum('link_delivery', linkDelivery).default('waiting'),
      problem: t.string(300).nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'signInLinkId']),
      // Whoever comes with a link is known by it alone.
      t.unique(['signInLinkId']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', { column: 'createdAt', order: 'DESC' }, 'signInLinkId']),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId'], { onDelete: 'CASCADE' }),
    ],
  );
  rls = tenantWall('sign_in_links');
}
