import {
  ClassArchiveInputZod,
  ClassCreateInputZod,
  ClassListZod,
  ClassMemberAddInputZod,
  ClassMemberRemoveInputZod,
  ClassUpdateInputZod,
  ListClassesInputZod,
} from '@raptscallions/zod-schemas/class.zod';
import { done } from '../../procedures/done';
import { rpcReadProcedure, rpcTenantProcedure } from '../../procedures/procedures';
import { archiveClass } from './services/archive_class.service';
import { addClassMember, removeClassMember } from './services/change_class_members.service';
import { createClass } from './services/create_class.service';
import { listClasses } from './services/list_classes.service';
import { updateClass } from './services/update_class.service';

export const classesRouter = {
  list: rpcReadProcedure
    .input(ListClassesInputZod)
    .output(ClassListZod)
    .handler(({ context, input }) => listClasses(context.tenant, input)),
  create: done(rpcTenantProcedure, ClassCreateInputZod, createClass),
  update: done(rpcTenantProcedure, ClassUpdateInputZod, updateClass),
  archive: done(rpcTenantProcedure, ClassArchiveInputZod, archiveClass),
  addMember: done(rpcTenantProcedure, ClassMemberAddInputZod, addClassMember),
  removeMember: done(rpcTenantProcedure, ClassMemberRemoveInputZod, removeClassMember),
};
