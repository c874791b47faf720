import {
  GroupArchiveInputZod,
  GroupCreateInputZod,
  GroupMemberRemoveInputZod,
  GroupMemberSetInputZod,
  GroupMoveInputZod,
  GroupUpdateInputZod,
} from '@raptscallions/zod-schemas/group.zod';
import { done } from '../../procedures/done';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { archiveGroup } from './services/archive_group.service';
import { removeGroupMember, setGroupMember } from './services/change_group_members.service';
import { createGroup } from './services/create_group.service';
import { moveGroup } from './services/move_group.service';
import { updateGroup } from './services/update_group.service';

export const groupsRouter = {
  create: done(rpcTenantProcedure, GroupCreateInputZod, createGroup),
  update: done(rpcTenantProcedure, GroupUpdateInputZod, updateGroup),
  move: done(rpcTenantProcedure, GroupMoveInputZod, moveGroup),
  archive: done(rpcTenantProcedure, GroupArchiveInputZod, archiveGroup),
  setMember: done(rpcTenantProcedure, GroupMemberSetInputZod, setGroupMember),
  removeMember: done(rpcTenantProcedure, GroupMemberRemoveInputZod, removeGroupMember),
};
