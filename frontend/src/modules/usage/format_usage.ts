const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const smallMoney = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 2,
});
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Micros, millionths of a dollar, as people write money; what is below a cent with two figures. */
export function formatMoney(micros: number): string {
  const dollars = micros / 1_000_000;
  return dollars !== 0 && Math.abs(dollars) < 0.01 ? smallMoney.format(dollars) : money.format(dollars);
}

export function formatCount(count: number): string {
  return whole.format(count);
}

/** 2026-11-21 as 21 Nov. */
export function formatIsoDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

/** Dollars a person typed as micros; null for an empty field, NaN for what is no amount. */
export function readMoney(text: string): number | null {
  if (text.trim() === '') return null;
  const plain = text.trim().replace(/^\$/, '').replaceAll(',', '');
  return /^\d{1,6}(\.\d{0,6})?$/.test(plain) ? Math.round(Number(plain) * 1_000_000) : Number.NaN;
}

/** A whole number a person typed; null for an empty field, NaN for what is none. */
export function readCount(text: string): number | null {
  const plain = text.trim().replaceAll(/[,\s]/g, '');
  if (plain === '') return null;
  return /^\d{1,12}$/.test(plain) && Number(plain) > 0 ? Number(plain) : Number.NaN;
}
