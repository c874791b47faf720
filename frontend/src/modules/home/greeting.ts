/** A greeting for the hour of `now` (epoch ms, local time). */
export function greeting(now: number, name: string): string {
  const hour = new Date(now).getHours();
  const words =
    hour < 5 ? 'Still up' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  const first = name.split(' ')[0];
  return first ? `${words}, ${first}` : words;
}
