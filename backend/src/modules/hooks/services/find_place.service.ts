import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ModulePlace } from '@raptscallions/zod-schemas/hook.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { ReadContext } from '../../../procedures/context';

/** The columns of a place, and whose it is. */
export type FoundPlace = {
  groupId: RichId<'group'> | null;
  classId: RichId<'class'> | null;
  toolId: RichId<'tool'> | null;
  /** of the group whose administrators look after it */
  ofGroupId: RichId<'group'> | null;
  /** whether the actor looks after it, or only owns the tool */
  administers: boolean;
};

/**
 * A place where modules are set. Administrators set them in their groups and for what lies in those; the whole
 * school by whoever looks after its top; a teacher for tools of their own.
 * @throws AppError NOT_FOUND for any other
 */
export async function findPlace(
  { tenantId, actor }: Pick<ReadContext, 'tenantId' | 'actor'>,
  db: Db,
  action: 'read' | 'update',
  place: ModulePlace,
): Promise<FoundPlace> {
  const nowhere = { groupId: null, classId: null, toolId: null };
  const check = (found: Omit<FoundPlace, 'administers'>, ownerUserId: UserId | null = null): FoundPlace => {
    const ability = abilityFor(actor);
    const groupId = found.ofGroupId;
    if (!may(ability, action, 'ModuleSetting', { groupId, ownerUserId })) throw new AppError('NOT_FOUND');
    return { ...found, administers: may(ability, 'manage', 'ModuleSetting', { groupId, ownerUserId: null }) };
  };
  switch (place.kind) {
    case 'global': {
      const tops = await db.groups.where({ ...stored({ tenantId }), parentGroupId: null });
      const mine = tops.find(({ groupId }) => actor.adminGroupIds.includes(groupId));
      return check({ ...nowhere, ofGroupId: mine?.groupId ?? null });
    }
    case 'group': {
      const { groupId } = place;
      return check({ ...nowhere, groupId, ofGroupId: groupId });
    }
    case 'class': {
      const { classId } = place;
      const found = await db.classes.findByOptional(stored({ tenantId, classId }));
      return check({ ...nowhere, classId, ofGroupId: found?.groupId ?? null });
    }
    case 'tool': {
      const { toolId } = place;
      const found = await db.tools.findByOptional(stored({ tenantId, toolId }));
      return check({ ...nowhere, toolId, ofGroupId: found?.groupId ?? null }, found?.ownerUserId ?? null);
    }
  }
}
