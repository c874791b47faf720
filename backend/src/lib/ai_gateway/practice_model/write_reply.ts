import type { AiMessage } from '../ai_gateway';
import { parseSystemPrompt } from '../prompt_sections';
import { createSpeaker, type Speaker } from './create_speaker';
import { findSubject, NO_TOPIC, type Subject } from './find_subject';
import { PRACTICE_LABEL } from './practice_label';
import { readTool, type Tool } from './read_tool';
import { readTurn, type Turn } from './read_turn';
import * as phrases from './tutor_phrases';
import { openEssayTalk, writeEssayReply } from './write_essay_reply';
import { writeMathsReply } from './write_maths_reply';
import { writeDebateReply, writeExplainerReply, writePlannerReply } from './write_other_reply';
import { writePlainReply } from './write_plain_reply';
import { writeQuizReply } from './write_quiz_reply';
import { writeTutorReply } from './write_tutor_reply';

function writeIntroduction(tool: Tool, subject: Subject, speaker: Speaker): string {
  const name = tool.name || 'the practice model';
  const hello = speaker.say(phrases.INTRODUCTIONS, { name });
  if (tool.kind === 'essay') return `${hello} ${openEssayTalk(tool, speaker)}`;
  const first = subject.topic === NO_TOPIC ? phrases.FIRST_QUESTIONS_OPEN : phrases.FIRST_QUESTIONS;
  return `${hello} ${speaker.say(first, { topic: subject.topic })}`;
}

/** The part of an answer that depends on what the tool is. */
function writeOwnReply(tool: Tool, turn: Turn, subject: Subject, speaker: Speaker): string {
  const opensTalk = turn.intent === 'greeting' || turn.intent === 'thanks';
  if (tool.kind === 'debate') return writeDebateReply(tool.name, turn, subject, speaker);
  if (tool.kind === 'planner') return writePlannerReply(turn, subject, speaker);
  if (turn.answers.length === 0 && opensTalk) return writeIntroduction(tool, subject, speaker);
  if (subject.offTopic) return speaker.say(phrases.OFF_TOPIC, { topic: subject.topic });
  const special =
    (tool.kind === 'essay' ? writeEssayReply(tool, turn, speaker) : null) ??
    writeMathsReply(tool, turn, speaker) ??
    (tool.kind === 'explainer' || !tool.noDirectAnswers ? writeExplainerReply(turn, subject, speaker) : null);
  return special ?? writeTutorReply(tool, turn, subject, speaker);
}

/**
 * The practice model's whole answer, label included: the same conversation always gets the same one.
 * @param messages the run's messages, with the system prompt `buildSystemPrompt` made
 */
export function writeReply(messages: AiMessage[]): string {
  const prompt = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : [])).join('\n\n');
  const tool = readTool(parseSystemPrompt(prompt));
  const turn = readTurn(messages);
  const subject = findSubject(tool, turn);
  const saidBefore = turn.answers.map(({ text }) => text).join('\n');
  const speaker = createSpeaker(JSON.stringify(messages), saidBefore);
  const reply =
    writePlainReply(turn, subject.topic, speaker) ??
    (tool.kind === 'quiz'
      ? writeQuizReply(tool, turn, speaker)
      : writeOwnReply(tool, turn, subject, speaker));
  return `${PRACTICE_LABEL}\n\n${reply}`;
}
