import {
  authFlowTestSuite,
  caseInsensitiveTestSuite,
  joinsTestSuite,
  normalTestSuite,
  numberIdTestSuite,
  testAdapter,
  transactionsTestSuite,
  uuidTestSuite,
} from '@better-auth/test-utils/adapter';
import { type IdPrefix, newId } from '@raptscallions/zod-schemas/rich_id';
import type { BetterAuthOptions } from 'better-auth';
import { getAuthTables } from 'better-auth/db';
import { orchidORM } from 'orchid-orm/node-postgres';
import { BaseTable } from '../../db/base_table';
import { createTestDatabase } from '../../test/database';
import type { AuthTable } from './match_rows';
import { createOrchidAdapter } from './orchid_adapter';

type Schema = ReturnType<typeof getAuthTables>;
type Field = Schema[string]['fields'][string];
