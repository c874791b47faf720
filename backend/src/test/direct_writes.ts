/**
 * Procedures that change something and are no edit: a browser calls them on the network, and they fail without
 * it. Everything else a person can do is an edit, works offline and is in `edit.zod.ts`. Read a line as the
 * answer to "why can this not wait in the outbox?" before you add it.
 */
export const directWrites: Record<string, string> = {
  setUp: 'There is no school yet, hence nobody whose outbox it could wait in.',
  'auth.invite':
    'Whoever invites is shown at once whether the message went out, and must have signed in a moment ago.',
  'auth.sendLink':
    'A link that lets somebody in is made when it is wanted, not hours later when a network comes back.',
  'auth.setStatus':
    'Shutting somebody out has to happen now; waiting in line it would promise what it does not do.',
  'auth.changeEmail': 'Changes who may get in, which asks for a sign-in of a moment ago.',
  'auth.changePassword': 'A password must never lie in a browser’s database, however short.',
  'auth.givePassword': 'A password must never lie in a browser’s database, however short.',
  'auth.listLinks':
    'Its answer is what is wanted, and never stored: a link lets whoever has it be that person.',
  'auth.listSignIns':
    'Its answer is what is wanted, and never stored: where others are signed in does not belong on a device.',
  'auth.endSignIns':
    'Signing somebody out has to happen now; waiting in line it would promise what it does not do.',
  'auth.setUsername': 'Whether a name is free only the server knows, and it is written on a card at once.',
  'chat.stop':
    'Only a run that is under way now can be stopped; sent later it could stop nothing, or the wrong thing.',
  'products.stop':
    'Only a run that is under way now can be stopped; sent later it could stop nothing, or the wrong thing.',
  'chat.replay':
    'Its answer is what is wanted, and never stored: how a filter judged a pupil does not belong on a device.',
  'runs.inspectPrompt':
    'Its answer is what is wanted, and never stored: other people’s prompts do not belong on a device.',
  'rosters.createSource': 'What a school is fed from is decided by its IT in sight of the server’s answer.',
  'rosters.updateSource': 'What a school is fed from is decided by its IT in sight of the server’s answer.',
  'rosters.startUpload': 'It opens the way for a file, which no outbox could hold.',
  'rosters.readUpload': 'It has the server read the file it holds; there is nothing to see before it has.',
  'rosters.fetch': 'It has the server ask another system, now, while somebody waits for what it says.',
  'rosters.decide':
    'The decision is about a preview the server made a moment ago, and must not meet another one later.',
  'hooks.set': 'What reads along in a school is decided in sight of what the server knows of its modules.',
  'hooks.revive': 'It is a word to the machines that run modules, and means this moment.',
  'hooks.readOriginals':
    'Its answer is what is wanted, and never stored: what was held back does not belong on a device.',
  'people.merge': 'What cannot be undone is decided in sight of what the server knows of both accounts.',
  'privacy.exportPerson': 'Its answer is the file that is wanted, and is not stored on a device.',
  'privacy.erasePerson':
    'What cannot be undone is not put in a queue, and asks for a sign-in of a moment ago.',
  'usage.setLimits':
    'Administrators decide on figures the server counts; what a browser knows of them may be old.',
  'usage.setPrice':
    'Administrators decide on figures the server counts; what a browser knows of them may be old.',
  'usage.removePrice':
    'Administrators decide on figures the server counts; what a browser knows of them may be old.',
  'usage.setTimeZone': 'It moves the borders of days for which the server has counted already.',
  'tenants.setSchoolCode':
    'Whether a code is free only the server knows, and signing in by it must work the moment it is printed.',
  'sync.push': 'It is what carries the outbox.',
};
