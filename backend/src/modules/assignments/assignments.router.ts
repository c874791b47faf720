import {
  AssignmentCreateInputZod,
  AssignmentRemoveInputZod,
  AssignmentUpdateInputZod,
} from '@raptscallions/zod-schemas/assignment.zod';
import { done } from '../../procedures/done';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { removeAssignment, updateAssignment } from './services/change_assignment.service';
import { createAssignment } from './services/create_assignment.service';

export const assignmentsRouter = {
  create: done(rpcTenantProcedure, AssignmentCreateInputZod, createAssignment),
  update: done(rpcTenantProcedure, AssignmentUpdateInputZod, updateAssignment),
  remove: done(rpcTenantProcedure, AssignmentRemoveInputZod, removeAssignment),
};
