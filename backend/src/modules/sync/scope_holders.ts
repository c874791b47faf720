import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { storedId } from '../../db/stored_id';
import type { StreamConnection, StreamOwner } from './stream_connection';

const nobody: ReadonlySet<StreamConnection> = new Set();

/** Which open streams hold which scopes. */
export class ScopeHolders {
  private readonly byKey = new Map<string, Set<StreamConnection>>();

  /** Who holds the scope of a row. @param tenantUuid whose row it is */
  of(scope: string, tenantUuid: string): ReadonlySet<StreamConnection> {
    return this.byKey.get(scopeKey(scope, tenantUuid)) ?? nobody;
  }

  has(key: string, connection: StreamConnection): boolean {
    return this.byKey.get(key)?.has(connection) ?? false;
  }

  /** From now on it holds exactly these. */
  hold(connection: StreamConnection, scopes: string[]): { gained: boolean; lost: boolean } {
    const before = connection.scopes;
    const after = new Set(scopes);
    const gained = [...after].filter((scope) => !before.has(scope));
    const lost = [...before].filter((scope) => !after.has(scope));
    for (const scope of lost) this.leave(connection, scope);
    for (const scope of gained) {
      for (const key of keysOf(scope, connection.owner)) {
        const holders = this.byKey.get(key);
        if (holders) holders.add(connection);
        else this.byKey.set(key, new Set([connection]));
      }
    }
    connection.scopes = after;
    return { gained: gained.length > 0, lost: lost.length > 0 };
  }

  private leave(connection: StreamConnection, scope: string): void {
    for (const key of keysOf(scope, connection.owner)) {
      const holders = this.byKey.get(key);
      holders?.delete(connection);
      if (holders?.size === 0) this.byKey.delete(key);
    }
  }
}

export const userScope = ({ userId }: StreamOwner) => `user:${storedId(userId)}`;

/**
 * A scope as one school has it. Scopes are named by ids that browsers make: whoever knows the id of a class elsewhere may
 * give it to one of their own, and by the name alone would hear what happens in the other.
 */
export const scopeKey = (scope: string, tenantUuid: string) => `${tenantUuid} ${scope}`;
/** What everyone of a school sees is also what the reserved tenant shows to all. */
const keysOf = (scope: string, { tenantId }: StreamOwner) =>
  scope === 'everyone'
    ? [scopeKey(scope, storedId(tenantId)), scopeKey(scope, storedId(systemTenantId))]
    : [scopeKey(scope, storedId(tenantId))];
