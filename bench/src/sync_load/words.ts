import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../..');

/** Words of the repository's own texts, each as often as it stands there: what is made of them packs like text. */
function readWords(): string[] {
  const files = [
    'README.md',
    'AGENTS.md',
    'docs/decisions.md',
    'frontend/src/sync/SPEC.md',
    'prove/README.md',
  ];
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join(' ');
  return text.match(/[A-Za-z][a-z’']{0,14}[,.?]?/g) ?? [];
}
const given = [
  'Ada',
  'Ben',
  'Cleo',
  'Dilan',
  'Esra',
  'Finn',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Kemal',
  'Lena',
  'Mira',
  'Noor',
  'Otto',
  'Pia',
  'Quentin',
  'Rosa',
  'Samir',
  'Tilda',
  'Umut',
  'Vera',
  'Wim',
  'Yara',
  'Zoe',
];
const family = [
  'Adler',
  'Bauer',
  'Costa',
  'Dogan',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ivanov',
  'Jansen',
  'Kaya',
  'Lindqvist',
  'Moreau',
  'Novak',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Silva',
  'Tanaka',
  'Ueda',
  'Varga',
  'Weber',
  'Yilmaz',
  'Zhang',
];

/** Text, names and numbers that are the same for the same seed (a linear congruential generator). */
export class Words {
  readonly #words = readWords();
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** from 0, below 1 */
  share(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.share() * limit);
  }

  /** Runs of a few words that stand together somewhere, so that it repeats itself about as much as people do. */
  text(count: number): string {
    const words: string[] = [];
    while (words.length < count) {
      const from = this.below(this.#words.length - 8);
      words.push(...this.#words.slice(from, from + 2 + this.below(5)));
    }
    return words.slice(0, count).join(' ');
  }

  name(): string {
    return `${given[this.below(given.length)]} ${family[this.below(family.length)]}`;
  }
}
