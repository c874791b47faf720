/**
 * How long a gateway asks us to wait, in milliseconds from `nowMs`; null when it does not say or makes no
 * sense. `retry-after-ms` is not standard but finer; `retry-after` holds seconds or a date.
 */
export function readRetryAfter(headers: Headers | null, nowMs: number): number | null {
  const fine = headers?.get('retry-after-ms');
  if (fine && /^\d{1,9}(\.\d+)?$/.test(fine.trim())) return Math.ceil(Number(fine));
  const coarse = headers?.get('retry-after')?.trim();
  if (!coarse) return null;
  if (/^\d{1,7}(\.\d+)?$/.test(coarse)) return Math.ceil(Number(coarse) * 1000);
  const at = Date.parse(coarse);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
