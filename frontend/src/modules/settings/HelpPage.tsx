import { useState } from 'react';
import { PageHead } from '../../components/PageHead';
import { chooseLetterKeys, readLetterKeys } from './look';

const shortcuts = [
  {
    title: 'Anywhere',
    keys: [
      { does: 'Find or do', press: ['Ctrl', 'K'] },
      { does: 'This page', press: ['?'] },
      { does: 'Go home', press: ['G', 'H'] },
      { does: 'Go to classes', press: ['G', 'C'] },
      { does: 'Go to tools', press: ['G', 'T'] },
      { does: 'Go to this device', press: ['G', 'D'] },
      { does: 'Undo, while the offer stands', press: ['Ctrl', 'Z'] },
    ],
  },
  {
    title: 'Chat',
    keys: [
      { does: 'Send', press: ['Enter'] },
      { does: 'New line', press: ['Shift', 'Enter'] },
      { does: 'Stop the answer', press: ['Esc'] },
      { does: 'Edit what still waits', press: ['↑'] },
    ],
  },
  {
    title: 'Tool editor',
    keys: [
      { does: 'Next error', press: ['F8'] },
      { does: 'Save the draft now', press: ['Ctrl', 'S'] },
      { does: 'Leave the editor', press: ['Esc', 'Tab'] },
    ],
  },
] as const;

const answers = [
  {
    question: 'What happens without a network?',
    answer:
      'Everything you have opened stays readable, and you can keep writing. What you write waits in line, in order, and is sent once when the network is back. The pill at the top always says how things stand.',
  },
  {
    question: 'Who can read my chats?',
    answer:
      'You, and the teachers of the class the chat belongs to. Every time a teacher opens one it is recorded. Classmates cannot read them.',
  },
  {
    question: 'Can the AI be wrong?',
    answer: 'Yes. Check what matters. Answers of the built-in practice model are labelled as practice.',
  },
];

/** How it works in three answers, and every shortcut. */
export function HelpPage() {
  const [letters, setLetters] = useState(readLetterKeys);
  return (
    <main className="main" id="main">
      <PageHead title="Help and shortcuts">
        Everything works with the keyboard; Tab reaches every control.
      </PageHead>
      <div className="sections">
        <section className="card pad stack" aria-labelledby="keys">
          <h2 id="keys">Keyboard shortcuts</h2>
          <div className="keys">
            {shortcuts.map((group) => (
              <div key={group.title}>
                <h3>{group.title}</h3>
                <dl>
                  {group.keys.map((entry) => (
                    <div key={entry.does}>
                      <dt>{entry.does}</dt>
                      <dd>
                        {entry.press.map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            ))}
          </div>
          <label className="tick">
            <input
              type="checkbox"
              checked={letters}
              onChange={(event) => {
                chooseLetterKeys(event.target.checked);
                setLetters(event.target.checked);
              }}
            />
            Single-letter shortcuts (? and those with G)
          </label>
        </section>
        <section aria-labelledby="questions">
          <div className="sec-head">
            <h2 id="questions">Questions people ask</h2>
          </div>
          <ul className="list card">
            {answers.map(({ question, answer }) => (
              <li key={question}>
                <div className="grow">
                  <b>{question}</b>
                  <p className="soft answer">{answer}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </main>
  );
}
