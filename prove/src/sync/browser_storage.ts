/** What signing out remembers in a browser besides its databases; nothing here reads it again. */
const kept = new Map<string, string>();
const storage: Storage = {
  get length() {
    return kept.size;
  },
  clear: () => kept.clear(),
  getItem: (key) => kept.get(key) ?? null,
  key: (at) => [...kept.keys()][at] ?? null,
  removeItem: (key) => void kept.delete(key),
  setItem: (key, value) => void kept.set(key, value),
};

/** Node has no `localStorage`. */
export function provideLocalStorage(): void {
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
}
