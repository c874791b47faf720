/** The formats a form has fields for; each with what is said of a text that is not of it. Others are not checked. */
const formats: Record<string, { fits: (text: string) => boolean; message: string }> = {
  date: { fits: isDate, message: 'Write a date such as 2026-11-21.' },
  time: {
    // Without a zone, as the browser's own field writes it, or with one, as RFC 3339 does.
    fits: (text) => /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i.test(text),
    message: 'Write a time such as 14:30.',
  },
  'date-time': {
    fits: (text) =>
      isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)) && /^.{10}T\d\d:\d\d/i.test(text),
    message: 'Write a date and time such as 2026-11-21T14:30.',
  },
  email: {
    fits: (text) => text.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text),
    message: 'Write an e-mail address such as name@school.example.',
  },
  uri: {
    fits: (text) => /^[a-z][a-z\d+.-]*:[^\s]+$/i.test(text) && URL.canParse(text),
    message: 'Write an address such as https://school.example.',
  },
};

/** What is wrong with a text that should be of a format; null when nothing is, or the format is not ours. */
export function checkFormat(format: string, text: string): string | null {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return !known || known.fits(text) ? null : known.message;
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  // The 30th of February would become the 2nd of March.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.toISOString().slice(0, 10) === text;
}
