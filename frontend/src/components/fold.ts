/** Lower case without accents, so that "alvarez" finds "Álvarez". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
