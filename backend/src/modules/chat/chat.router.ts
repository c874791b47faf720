import {
  ChatCompleteInputZod,
  ChatContinueInputZod,
  ChatHideInputZod,
  ChatPauseInputZod,
  ChatRegenerateInputZod,
  ChatRetryInputZod,
  ChatSendInputZod,
  ChatStartInputZod,
  ChatStopInputZod,
  TranscriptViewRecordInputZod,
} from '@raptscallions/zod-schemas/chat.zod';
import { ReplayInputZod, ReplayZod } from '@raptscallions/zod-schemas/replay.zod';
import { done } from '../../procedures/done';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { continueAnswer, regenerateAnswer, retryRun, stopRun } from '../runs/services/ask_run.service';
import {
  completeSession,
  hideSession,
  pauseSession,
  recordTranscriptView,
} from './services/change_session.service';
import { replaySession } from './services/replay_session.service';
import { sendMessage } from './services/send_message.service';
import { startSession } from './services/start_session.service';

export const chatRouter = {
  start: done(rpcTenantProcedure, ChatStartInputZod, startSession),
  send: done(rpcTenantProcedure, ChatSendInputZod, sendMessage),
  retry: done(rpcTenantProcedure, ChatRetryInputZod, retryRun),
  stop: done(rpcTenantProcedure, ChatStopInputZod, stopRun),
  regenerate: done(rpcTenantProcedure, ChatRegenerateInputZod, regenerateAnswer),
  continue: done(rpcTenantProcedure, ChatContinueInputZod, continueAnswer),
  pause: done(rpcTenantProcedure, ChatPauseInputZod, pauseSession),
  complete: done(rpcTenantProcedure, ChatCompleteInputZod, completeSession),
  hide: done(rpcTenantProcedure, ChatHideInputZod, hideSession),
  /** for teachers and administrators: a session as it happened */
  replay: rpcTenantProcedure
    .input(ReplayInputZod)
    .output(ReplayZod)
    .handler(({ context, input }) => replaySession(context.tenant, input)),
  recordView: done(rpcTenantProcedure, TranscriptViewRecordInputZod, recordTranscriptView),
};
