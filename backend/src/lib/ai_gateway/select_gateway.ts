import type { Config } from '../../configs/config';
import type { AiGateway } from './ai_gateway';
import { createAiGateway, type GatewayLogger } from './create_ai_gateway';
import { createPracticeModel } from './practice_model/create_practice_model';

/** Where requests go with a key and no address of a gateway. */
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';
/** OpenRouter's own choice of a model; other gateways answer that they do not know it. */
const OPENROUTER_MODEL = 'openrouter/auto';

export type SelectedGateway = {
  provider: 'practice' | 'gateway';
  gateway: AiGateway;
  /** the model that answers when a tool names none; for the practice model, always */
  model: string;
};

type GatewayConfig = Pick<
  Config,
  | 'AI_GATEWAY_URL'
  | 'AI_API_KEY'
  | 'AI_DEFAULT_MODEL'
  | 'AI_REQUEST_TIMEOUT_MS'
  | 'AI_IDLE_TIMEOUT_MS'
  | 'AI_MAX_RETRIES'
>;

/**
 * The real gateway when the school gave a key, an address, or both (a gateway in the house needs no key);
 * otherwise the practice model, so that nothing leaves the machine unless somebody asked for it.
 */
export function selectGateway(config: GatewayConfig, logger?: GatewayLogger): SelectedGateway {
  if (!config.AI_GATEWAY_URL && !config.AI_API_KEY) {
    return { provider: 'practice', gateway: createPracticeModel(), model: 'practice' };
  }
  const model = config.AI_DEFAULT_MODEL ?? OPENROUTER_MODEL;
  const gateway = createAiGateway({
    baseUrl: config.AI_GATEWAY_URL ?? OPENROUTER_URL,
    apiKey: config.AI_API_KEY,
    defaultModel: model,
    requestTimeoutMs: config.AI_REQUEST_TIMEOUT_MS,
    idleTimeoutMs: config.AI_IDLE_TIMEOUT_MS,
    maxRetries: config.AI_MAX_RETRIES,
    logger,
  });
  return { provider: 'gateway', gateway, model };
}
