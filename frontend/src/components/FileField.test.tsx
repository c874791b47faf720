// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileField } from './FileField';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** By name, how the reading of that file ends. */
let readings: Map<string, { resolve: (content: string) => void; reject: (error: Error) => void }>;
let contents: string[];
let container: HTMLElement;
let root: ReturnType<typeof createRoot>;

beforeEach(async () => {
  readings = new Map();
  contents = [];
  container = document.createElement('div');
  document.body.append(container);
  root = createRoot(container);
  const read = (file: File) =>
    new Promise<string>((resolve, reject) => readings.set(file.name, { resolve, reject }));
  await act(async () =>
    root.render(
      <FileField accept=".csv" label="File" mostKb={1} onRead={(text) => contents.push(text)} read={read} />,
    ),
  );
});
afterEach(async () => {
  await act(async () => root.unmount());
  container.remove();
});

const box = () => {
  const found = container.querySelector('input');
  if (!found) throw new Error('there is no box');
  return found;
};
const choose = (file: File) =>
  act(async () => {
    Object.defineProperty(box(), 'files', { configurable: true, value: [file] });
    box().dispatchEvent(new Event('change', { bubbles: true }));
  });
const complaint = () => container.querySelector('[role="alert"]')?.textContent ?? null;

it('takes the file chosen last, though the one before is read later', async () => {
  await choose(new File(['old'], 'old.csv'));
  await choose(new File(['new'], 'new.csv'));
  await act(async () => readings.get('new.csv')?.resolve('new'));
  await act(async () => readings.get('old.csv')?.resolve('old'));
  expect(contents).toEqual(['new']);
});

it('does not read what is too large, and says how large it may be', async () => {
  await choose(new File([new Uint8Array(1_001)], 'large.csv'));
  expect(readings.size).toBe(0);
  expect(complaint()).toContain('larger than 1 kB');
  await choose(new File(['small'], 'small.csv'));
  expect(complaint()).toBeNull();
});

it('says so when a file cannot be read', async () => {
  await choose(new File(['gone'], 'gone.csv'));
  await act(async () => readings.get('gone.csv')?.reject(new Error('NotReadableError')));
  expect(complaint()).toContain('could not be read');
  expect(contents).toEqual([]);
});

it('is empty whenever it is opened, so that the same file chosen again is a change', async () => {
  let set: string | null = null;
  Object.defineProperty(box(), 'value', { configurable: true, set: (value: string) => (set = value) });
  await act(async () => {
    box().dispatchEvent(new MouseEvent('click', { bubbles: true }));
  });
  expect(set).toBe('');
});
