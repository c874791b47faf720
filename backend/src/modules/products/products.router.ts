import {
  ProductHideInputZod,
  ProductRetryInputZod,
  ProductRunInputZod,
  ProductStopInputZod,
  ProductViewRecordInputZod,
} from '@raptscallions/zod-schemas/product.zod';
import { done } from '../../procedures/done';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { hideProduct, recordProductView, retryProduct, stopProduct } from './services/change_product.service';
import { runProduct } from './services/run_product.service';

export const productsRouter = {
  run: done(rpcTenantProcedure, ProductRunInputZod, runProduct),
  retry: done(rpcTenantProcedure, ProductRetryInputZod, retryProduct),
  stop: done(rpcTenantProcedure, ProductStopInputZod, stopProduct),
  hide: done(rpcTenantProcedure, ProductHideInputZod, hideProduct),
  recordView: done(rpcTenantProcedure, ProductViewRecordInputZod, recordProductView),
};
